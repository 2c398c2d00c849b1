/** The claims of a plan: the advice that scenarios state, with the cells that show it. */
import type { Cell, Claim } from '../../model/plan.ts'
import type { ScenarioSource } from './scenario/source.ts'

/** The claim of a scenario, if it states one and has cells. */
export function claimOf(source: ScenarioSource, cells: Cell[]): Claim[] {
  const { claim, name } = source.scenario
  if (claim === undefined || cells.length === 0) return []
  const { id, text } = typeof claim === 'string' ? { id: name, text: claim } : claim
  return [{ id, text, cells: cells.map(cell => cell.id) }]
}

/** Scenarios with the same claim id share one claim. */
export function joinClaims(claims: Claim[]): Claim[] {
  const joined = new Map<string, Claim>()
  for (const claim of claims) {
    const known = joined.get(claim.id)
    joined.set(claim.id, known ? { ...known, cells: [...known.cells, ...claim.cells] } : claim)
  }
  return [...joined.values()]
}
