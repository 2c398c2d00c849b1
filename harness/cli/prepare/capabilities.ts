/** Trials that this machine cannot run, found out before any cluster starts. */
import { probe, probed } from '../../../docker/engine/capabilities.ts'
import type { Engine } from '../../../docker/engine/engine.ts'
import type { Capability } from '../../../faults/fault.ts'
import { faults } from '../../../faults/index.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Plan, Trial } from '../../../model/plan.ts'
import { reachOwnCluster } from '../../../systems/live.ts'
import { missingClient } from '../../../workloads/clients/index.ts'

/** Capabilities that the plan needs and that have to be tried. */
export const capabilitiesOf = (plan: Plan): Capability[] =>
  probed.filter(need => plan.trials.some(trial => trial.needs.includes(need)))

/** Something that the machine lacks, and the trials that need it. */
interface Lack {
  error: LossproofError
  needs: (trial: Trial) => boolean
}

/**
 * Reasons by trial id. Without `skipMissing`, throws LossproofError('capability-missing') for the first thing that the
 * machine lacks.
 */
export async function trialsThatCannotRun(
  plan: Plan,
  engine: Engine,
  helperImage: string,
  skipMissing: boolean,
): Promise<Map<string, string>> {
  const lacks = [
    ...(await missingCapabilities(plan, engine, helperImage)),
    ...(await missingClients(plan)),
    ...(await unreachableClusters(plan, engine)),
  ]
  const [first] = lacks
  if (first && !skipMissing)
    throw new LossproofError('capability-missing', first.error.message, {
      hint: [first.error.hint, '--skip-missing runs the rest'].filter(Boolean).join('; '),
    })
  const reasons = plan.trials.map(trial => {
    const texts = lacks
      .filter(({ needs }) => needs(trial))
      .map(({ error }) => [error.message, error.hint].filter(Boolean).join('; '))
    return [trial.id, texts.join('; ')] as const
  })
  return new Map(reasons.filter(([, reason]) => reason !== ''))
}

async function missingCapabilities(plan: Plan, engine: Engine, helperImage: string): Promise<Lack[]> {
  const lacks: Lack[] = []
  // One after the other, because some of them measure time.
  for (const capability of capabilitiesOf(plan)) {
    const { ok, seen } = await probe(engine, helperImage, capability)
    if (ok) continue
    const needing = faults.filter(fault => fault.needs.includes(capability)).map(fault => fault.id)
    lacks.push({
      error: new LossproofError(
        'capability-missing',
        `this machine has no ${capability}, which ${needing.join(', ')} need: ${seen}`,
      ),
      needs: trial => trial.needs.includes(capability),
    })
  }
  return lacks
}

async function missingClients(plan: Plan): Promise<Lack[]> {
  const clients = new Set(plan.trials.flatMap(({ lanes }) => lanes.flatMap(clientsOf)))
  const lacks: Lack[] = []
  for (const client of clients) {
    const error = await missingClient(client)
    if (error) lacks.push({ error, needs: ({ lanes }) => lanes.flatMap(clientsOf).includes(client) })
  }
  return lacks
}

/** Clusters of the user's own that do not answer, or cannot be tested. */
async function unreachableClusters(plan: Plan, { docker }: Engine): Promise<Lack[]> {
  const clusters = new Map(plan.trials.map(({ system, cluster }) => [keyOf({ system, cluster }), { system, cluster }]))
  const lacks: Lack[] = []
  for (const [key, { system, cluster }] of clusters) {
    if (cluster.own === undefined || cluster.own.compose?.attach === false) continue
    try {
      await reachOwnCluster(docker, system, cluster.own)
    } catch (error) {
      if (!(error instanceof LossproofError) || error.code !== 'capability-missing') throw error
      lacks.push({ error, needs: trial => keyOf(trial) === key })
    }
  }
  return lacks
}

const keyOf = ({ system, cluster }: Pick<Trial, 'system' | 'cluster'>): string => JSON.stringify([system, cluster.own])

/** The client libraries of a lane. */
export const clientsOf = ({ producer, consumer }: Trial['lanes'][number]): string[] => [
  producer.client,
  ...(consumer === undefined ? [] : [consumer.client]),
]
