/** Clusters of the user's own: the permission to test them, and topics that earlier runs left there. */
import { resolve } from 'node:path'
import type Dockerode from 'dockerode'
import type { Labels } from '../../../docker/engine/labels.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import { removeRememberedTopics } from '../../../systems/own-topics.ts'
import { plural } from '../../report/words/numbers.ts'

/** Whether Lossproof starts compose projects of the user. */
export const startsProjects = ({ trials }: Pick<Plan, 'trials'>): boolean =>
  trials.some(({ cluster }) => cluster.own?.compose?.attach === false)

/**
 * Throws LossproofError('usage') for a cluster that the user did not claim: one that is named by its address, or volumes of a
 * running project that faults may empty.
 */
export function requireOwnership(plan: Pick<Plan, 'trials'>, isClaimed: boolean): void {
  const found = plan.trials.flatMap(({ cluster: { own } }) => (own === undefined ? [] : [own]))
  if (isClaimed) return
  const emptied = found.find(({ compose }) => compose?.attach === true && compose.volumes !== undefined)?.compose
  if (emptied !== undefined)
    throw new LossproofError(
      'usage',
      `the scenario may empty volumes of the running project of ${emptied.file}: ${(emptied.volumes ?? []).join(', ')}`,
      { hint: 'what they hold is lost then; if you want that, add --i-own-this-cluster' },
    )
  const [first] = found.filter(({ bootstrap }) => bootstrap.length > 0)
  if (first === undefined) return
  throw new LossproofError(
    'usage',
    `the scenario tests the cluster at ${first.bootstrap.join(', ')}: it creates topics there, sends load, and removes them`,
    { hint: 'if the cluster is yours to test, add --i-own-this-cluster' },
  )
}

/** The plan with whole paths of compose files, so that it means the same project when it is carried out again elsewhere. */
export function withWholePaths(plan: Plan): Plan {
  return {
    ...plan,
    trials: plan.trials.map(trial => {
      const { own } = trial.cluster
      if (own?.compose === undefined) return trial
      const compose = { ...own.compose, file: resolve(own.compose.file) }
      return { ...trial, cluster: { ...trial.cluster, own: { ...own, compose } } }
    }),
  }
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
