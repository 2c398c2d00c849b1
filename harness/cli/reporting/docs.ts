/** `npm run docs`: writes the pages of docs/ that are generated from the code and from the published runs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { liesPage } from '../../testing/lies/page.ts'
import { claimsPage } from '../../report/claims/claims.ts'
import { pages } from '../../report/docs/docs.ts'
import { fillTemplate } from '../../report/docs/template.ts'
import { commandSections } from '../help/reference.ts'
import { claimSubjects, publishedVerdicts } from './published.ts'

const root = new URL('../../../', import.meta.url)
const path = (name: string) => fileURLToPath(new URL(name, root))
const template = (page: string) => readFileSync(path(`harness/report/docs/templates/${page}.md`), 'utf8')
const write = (page: string, text: string) => writeFileSync(path(`docs/${page}.md`), text)

for (const [name, page] of Object.entries({ ...pages, lies: liesPage })) write(name, page(template(name)))
write('commands', fillTemplate(template('commands'), { commands: await commandSections() }))
write('claims', claimsPage(publishedVerdicts(), claimSubjects()))
