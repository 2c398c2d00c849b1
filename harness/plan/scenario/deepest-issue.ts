/** Which of a schema's issues to report. */
import type { z } from 'zod'
import { LossproofError } from '../../../model/errors.ts'
import type { ScenarioPath } from '../../../model/scenario-errors.ts'

/**
 * The first issue with its full path. A union reports one list of issues per alternative; the alternative that was parsed
 * furthest is most likely the one that the author meant.
 */
export function deepestIssue(
  issues: z.core.$ZodIssue[],
  base: ScenarioPath = [],
): { issue: z.core.$ZodIssue; path: ScenarioPath } {
  const [first] = issues
  if (!first) throw new LossproofError('internal', 'zod refused a scenario without naming an issue')
  const path = [...base, ...first.path.map(part => (typeof part === 'symbol' ? String(part) : part))]
  if (first.code !== 'invalid_union') return { issue: first, path }
  let best: { issue: z.core.$ZodIssue; path: ScenarioPath } = { issue: first, path }
  for (const branch of first.errors) {
    if (branch.length === 0) continue
    const candidate = deepestIssue(branch, path)
    if (candidate.path.length > best.path.length || candidate.issue.code === 'unrecognized_keys') best = candidate
  }
  return best
}
