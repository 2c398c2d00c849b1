import { LossproofError } from '../../model/errors.ts'

/** The one node of a role that one node has. Throws LossproofError('cluster') when none has it, or another in each lane. */
export function theOnly(role: string, ids: readonly number[]): number {
  const distinct = [...new Set(ids)].filter(id => id >= 0)
  const [only] = distinct
  if (only !== undefined && distinct.length === 1) return only
  const seen =
    distinct.length === 0
      ? 'no node has it'
      : `it differs between lanes: ${distinct.map(id => `broker-${id}`).join(', ')}`
  throw new LossproofError('cluster', `target "${role}" resolves to no single node: ${seen}`)
}
