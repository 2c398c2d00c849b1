/** The tags of messages, and what the members of a consumer group subscribe to. */
import { subscribesTo } from '../../../model/workload.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { oneSubscription, oneTag, parseTags } from './settings.ts'

/**
 * `values`: accepted workload settings; `instances`: members of the group. Throws LossproofError('scenario') for tags or
 * subscriptions without effect, and for a tag that no member wants: its messages would count as skipped.
 */
export function planTags(
  source: ScenarioSource,
  values: ReadonlyMap<string, unknown>,
  instances: number,
): { tags?: string[]; subscriptions?: string[] } {
  const listOf = (name: string, word: RegExp) =>
    values.has(name) ? parseTags(String(values.get(name)), word) : undefined
  const tags = listOf('tags', oneTag)
  const subscriptions = listOf('subscriptions', oneSubscription)
  const refuse = (name: string, why: string) => source.settingError(`workload.${name}`, `workload.${name}: ${why}`)
  if (tags && !subscriptions)
    throw refuse('tags', 'it has no effect without workload.subscriptions, which says who wants which tags')
  if (!tags || !subscriptions) {
    if (subscriptions)
      throw refuse('subscriptions', 'it has no effect without workload.tags, because messages without a tag match none')
    return {}
  }
  if (subscriptions.length !== instances)
    throw refuse(
      'subscriptions',
      `it names ${subscriptions.length} members, and the group has ${instances} (workload.consumers)`,
    )
  const unwanted = tags.find(tag => !subscriptions.some(expression => subscribesTo(expression, tag)))
  if (unwanted !== undefined)
    throw refuse('subscriptions', `no member subscribes to the tag ${unwanted}, so its messages would count as skipped`)
  return { tags, subscriptions }
}
