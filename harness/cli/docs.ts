/** `npm run docs`: writes the pages that are made from the code. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { liesPage } from '../check/lies/page.ts'
import { clientsPage, faultsPage, outcomesPage, workloadPage } from '../report/docs.ts'

const page = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url))

writeFileSync(page('outcomes.md'), outcomesPage())
writeFileSync(page('lies.md'), liesPage())
writeFileSync(page('faults.md'), faultsPage())
writeFileSync(page('clients.md'), clientsPage())
writeFileSync(page('workload.md'), workloadPage())
