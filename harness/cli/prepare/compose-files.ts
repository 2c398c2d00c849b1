/** Whether the compose files that scenarios name have the services that they name. */
import { LossproofError } from '../../../model/errors.ts'
import { findFault } from '../../../faults/index.ts'
import { suggestion } from '../../../model/nearest.ts'
import type { Plan } from '../../../model/plan.ts'
import { ownClustersOf } from '../../../systems/live.ts'
import { composeServices } from '../../../systems/shared/config-files/compose.ts'
import { readSource } from '../../audit/read/index.ts'
import { documentsOf } from '../../audit/read/documents.ts'

/** Throws LossproofError('usage') that names the file and what it lacks. */
export function checkComposeFiles({ trials }: Pick<Plan, 'trials'>): void {
  for (const { system, cluster, schedule } of trials) {
    const { compose } = cluster.own ?? {}
    if (compose === undefined) continue
    const { file } = compose
    const services = documentsOf(readSource(file)).flatMap(composeServices)
    const names = services.map(({ name }) => name)
    if (names.length === 0)
      throw new LossproofError('usage', `${file}: no docker-compose file: it has no services`, {
        hint: 'cluster.compose names the file with which the brokers were started',
      })
    for (const key of ['brokers', 'controllers'] as const) {
      const missing = compose[key]?.find(service => !names.includes(service))
      if (missing !== undefined)
        throw LossproofError.at(
          'usage',
          { file, line: services[0]?.line ?? 1 },
          `no service "${missing}", which cluster.${key} names`,
          { hint: suggestion(missing, names, `services: ${names.join(', ')}`) },
        )
    }
    if (compose.attach) continue
    const injected = schedule.flatMap(({ inject }) => inject)
    const cutsLinks = injected.some(({ fault }) => findFault(fault)?.kind === 'client-link')
    ownClustersOf(system).checkStartable?.(compose, cutsLinks)
  }
}
