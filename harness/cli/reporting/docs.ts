/** `npm run docs`: writes the pages of docs/ that are generated from the code and from the published runs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { liesPage } from '../../testing/lies/page.ts'
import { pages } from '../../report/docs/docs.ts'
import { claimsPage } from '../../report/claims/claims.ts'
import { commandsPage } from '../commands/reference.ts'
import { claimSubjects, publishedVerdicts } from './published.ts'

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url))
const write = (name: string, text: string) => writeFileSync(path(name), text)

for (const [name, page] of Object.entries(pages))
  write(`docs/${name}.md`, page(readFileSync(path(`harness/report/docs/templates/${name}.md`), 'utf8')))
write('docs/lies.md', liesPage())
write('docs/claims.md', claimsPage(publishedVerdicts(), claimSubjects()))
write('docs/commands.md', await commandsPage())
