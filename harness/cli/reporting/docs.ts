/** `npm run docs`: writes the pages that are made from the code. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { liesPage } from '../../testing/lies/page.ts'
import { causesPage, clientsPage, faultsPage, outcomesPage, workloadPage } from '../../report/docs/docs.ts'
import { withClaims } from '../../report/claims/claims.ts'
import { publishedVerdicts } from './published.ts'

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url))
const page = (name: string) => path(`docs/${name}`)

writeFileSync(page('outcomes.md'), outcomesPage())
writeFileSync(page('causes.md'), causesPage())
writeFileSync(page('lies.md'), liesPage())
writeFileSync(page('faults.md'), faultsPage())
writeFileSync(page('clients.md'), clientsPage())
writeFileSync(page('workload.md'), workloadPage())
writeFileSync(path('README.md'), withClaims(readFileSync(path('README.md'), 'utf8'), publishedVerdicts()))
