/** `npm run docs`: writes the pages of docs/ that are generated from the code and from the published runs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { liesPage } from '../../testing/lies/page.ts'
import { claimsPage } from '../../report/claims/claims.ts'
import { pages } from '../../report/docs/docs.ts'
import { claimSubjects, publishedVerdicts } from './published.ts'

const root = new URL('../../../', import.meta.url)
const path = (name: string) => fileURLToPath(new URL(name, root))
const write = (page: string, text: string) => writeFileSync(path(`docs/${page}.md`), text)

for (const [name, page] of Object.entries({ ...pages, lies: liesPage }))
  write(name, page(readFileSync(path(`harness/report/docs/templates/${name}.md`), 'utf8')))
write('claims', claimsPage(publishedVerdicts(), claimSubjects()))
