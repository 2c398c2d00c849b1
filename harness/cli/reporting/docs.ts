/** `npm run docs`: writes the pages of docs/ that are generated from the code and from the published runs. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { liesPage } from '../../testing/lies/page.ts'
import { causesPage, clientsPage, faultsPage, outcomesPage, workloadPage } from '../../report/docs/docs.ts'
import { claimsPage } from '../../report/claims/claims.ts'
import { claimSubjects, publishedVerdicts } from './published.ts'

const page = (name: string) => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url))

writeFileSync(page('outcomes.md'), outcomesPage())
writeFileSync(page('causes.md'), causesPage())
writeFileSync(page('lies.md'), liesPage())
writeFileSync(page('faults.md'), faultsPage())
writeFileSync(page('clients.md'), clientsPage())
writeFileSync(page('workload.md'), workloadPage())
writeFileSync(page('claims.md'), claimsPage(publishedVerdicts(), claimSubjects()))
