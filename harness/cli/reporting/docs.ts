/** `npm run docs`: writes the pages of docs/ that are made from the code. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { liesPage } from '../../testing/lies/page.ts'
import { pages } from '../../report/docs/docs.ts'
import { withClaims } from '../../report/claims/claims.ts'
import { publishedVerdicts } from './published.ts'

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url))
const read = (name: string) => readFileSync(path(name), 'utf8')
const write = (name: string, text: string) => writeFileSync(path(name), text)

for (const [name, page] of Object.entries(pages))
  write(`docs/${name}.md`, page(read(`harness/report/docs/templates/${name}.md`)))
write('docs/lies.md', liesPage())
write('docs/claims.md', withClaims(read('docs/claims.md'), publishedVerdicts()))
