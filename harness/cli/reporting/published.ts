/** The published runs, from which docs/claims.md is made. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { RunVerdict } from '../../../model/verdict.ts'
import type { AdviceSubject } from '../../report/claims/advice.ts'
import type { Subject } from '../../report/claims/subjects.ts'
import { loadScenarios } from '../options/scenarios.ts'

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

/**
 * The verdicts below results/reference, sorted by folder name. Claims have the texts of today's scenarios, which may have been
 * reworded since the run.
 */
export function publishedVerdicts(): RunVerdict[] {
  const texts = new Map(
    loadScenarios(['claims']).flatMap(({ scenario: { claim } }) =>
      typeof claim === 'object' ? [[claim.id, claim.text] as const] : [],
    ),
  )
  const folder = fromRoot('results/reference')
  const files = readdirSync(folder)
    .toSorted()
    .map(name => join(folder, name, 'verdict.json'))
  return files
    .filter(file => existsSync(file))
    .map(file => RunVerdict.parse(json(file)))
    .map(run => ({ ...run, claims: run.claims.map(claim => ({ ...claim, text: texts.get(claim.id) ?? claim.text })) }))
}

/** Advice for docs/advice.md, by subject. */
export function adviceSubjects(): AdviceSubject[] {
  const advice = z.strictObject({
    way: z.string(),
    keep: z.string(),
    claim: z.string(),
    unsafe: z.string().optional(),
    safe: z.string().optional(),
  })
  const schema = z.array(z.strictObject({ subject: z.string(), advice: z.array(advice).min(1) }))
  return schema.parse(json(fromRoot('scenarios/claims/advice.json')))
}

/** Subjects on which the claims of several systems are compared. */
export function claimSubjects(): Subject[] {
  const schema = z.array(z.strictObject({ subject: z.string(), claims: z.array(z.string()).min(1) }))
  return schema.parse(json(fromRoot('scenarios/claims/subjects.json')))
}
