/** Clusters of the user's own: the permission to test them, and topics that earlier runs left there. */
import type Dockerode from 'dockerode'
import type { Labels } from '../../../docker/engine/labels.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import { removeRememberedTopics } from '../../../systems/own-topics.ts'
import { plural } from '../../report/words/numbers.ts'

/** Throws LossproofError('usage') for a cluster that is known by its address alone and that the user did not claim. */
export function requireOwnership(plan: Pick<Plan, 'trials'>, isClaimed: boolean): void {
  const found = plan.trials.flatMap(({ cluster: { own } }) => (own === undefined ? [] : [own]))
  const [first] = found.filter(({ compose }) => compose === undefined)
  if (first === undefined || isClaimed) return
  throw new LossproofError(
    'usage',
    `the scenario tests the cluster at ${first.bootstrap.join(', ')}: it creates topics there, sends load, and removes them`,
    { hint: 'if the cluster is yours to test, add --i-own-this-cluster' },
  )
}

/** Removes topics of trials whose labels `chosen` accepts. What cannot be removed within the limit is reported. */
export async function removeTopicsLeft(
  docker: Dockerode,
  chosen: (labels: Labels) => boolean,
  say: (line: string) => void,
  limitMs?: number,
): Promise<void> {
  const { topics, failures } = await removeRememberedTopics(docker, chosen, limitMs)
  if (topics.length > 0) say(`removed ${plural(topics.length, 'topic')} that an earlier run left: ${topics.join(', ')}`)
  for (const failure of failures) say(failure)
}
