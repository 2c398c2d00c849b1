/** `npm run docs`: writes the pages of docs/ that are generated from the code and from the published runs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { liesPage } from '../../testing/lies/page.ts'
import { advicePage } from '../../report/claims/advice.ts'
import { claimsPage } from '../../report/claims/claims.ts'
import { faultGroups } from '../../../faults/index.ts'
import { pages } from '../../report/docs/docs.ts'
import { faultPictures } from '../../report/docs/fault-pictures.ts'
import { fillTemplate } from '../../report/docs/template.ts'
import { commandSections } from '../help/reference.ts'
import { adviceSubjects, claimSubjects, publishedVerdicts } from './published.ts'

const root = new URL('../../../', import.meta.url)
const path = (name: string) => fileURLToPath(new URL(name, root))
const template = (page: string) => readFileSync(path(`harness/report/docs/templates/${page}.md`), 'utf8')
const write = (page: string, text: string) => writeFileSync(path(`docs/${page}.md`), text)

mkdirSync(path('docs/pictures/faults'), { recursive: true })
for (const group of Object.keys(faultGroups) as (keyof typeof faultGroups)[])
  for (const { name, svg } of faultPictures(group)) writeFileSync(path(`docs/pictures/faults/${name}.svg`), svg)
for (const [name, page] of Object.entries({ ...pages, lies: liesPage })) write(name, page(template(name)))
write('commands', fillTemplate(template('commands'), { commands: await commandSections() }))
const published = publishedVerdicts()
write('claims', claimsPage(published, claimSubjects()))
write('advice', advicePage(published, adviceSubjects()))
