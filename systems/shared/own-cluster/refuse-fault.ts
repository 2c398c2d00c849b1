/** Which faults a cluster of the user's own can have. */
import type { Fault } from '../../../faults/fault.ts'
import { faults } from '../../../faults/index.ts'
import type { Settings } from '../../../model/settings.ts'
import { isOwn } from './settings.ts'

/** Why a fault cannot be caused in such a cluster; undefined when it can, and for clusters that Lossproof builds. */
export function refuseOnOwnCluster({ kind }: Pick<Fault, 'kind'>, cluster: Settings): string | undefined {
  if (!isOwn(cluster) || kind === 'client') return undefined
  const reason =
    kind === 'client-link'
      ? 'clients connect to the addresses that its brokers advertise, so there is no proxy in between'
      : 'it is known by its address alone, so Lossproof cannot reach its machines and breaks only its own clients'
  const possible = faults.filter(fault => fault.kind === 'client').map(({ id }) => id)
  return `the cluster at ${String(cluster['bootstrap'])} is not built by Lossproof: ${reason}. Possible: ${possible.join(', ')}`
}
