import { LossproofError } from '../../model/errors.ts'

/**
 * The node that holds a role which one node holds at a time. Throws LossproofError('cluster') when no node holds it, or
 * when lanes have different holders. Ids below 0 mean "none".
 */
export function singleHolder(role: string, ids: readonly number[]): number {
  const distinct = [...new Set(ids)].filter(id => id >= 0)
  const [holder] = distinct
  if (holder !== undefined && distinct.length === 1) return holder
  const seen =
    distinct.length === 0
      ? 'no node holds this role now'
      : `lanes have different ones: ${distinct.map(id => `broker-${id}`).join(', ')}`
  throw new LossproofError('cluster', `target "${role}" must be a single node, but ${seen}`)
}
