/** Which faults a cluster of the user's own can have. */
import type { Fault } from '../../../faults/fault.ts'
import { faults } from '../../../faults/index.ts'
import type { Settings } from '../../../model/settings.ts'
import { hasContainers, isOwn, isStarted, whichOwn } from './settings.ts'

/** Why a fault cannot be caused in such a cluster; undefined when it can, and for clusters that Lossproof builds. */
export function refuseOnOwnCluster(fault: Fault, cluster: Settings): string | undefined {
  const reason = isOwn(cluster) ? reasonAgainst(fault, cluster) : undefined
  if (reason === undefined) return undefined
  const possible = faults.filter(other => reasonAgainst(other, cluster) === undefined).map(({ id }) => id)
  return `${whichOwn(cluster)} is not built by Lossproof: ${reason}. Possible: ${possible.join(', ')}`
}

function reasonAgainst({ id, kind, needs }: Fault, cluster: Settings): string | undefined {
  if (kind === 'client') return undefined
  if (kind === 'client-link' && !isStarted(cluster))
    return hasContainers(cluster)
      ? 'the listeners of a running project cannot be changed, so there is no proxy in between; without attach there is one'
      : 'clients connect to the addresses that its brokers advertise, so there is no proxy in between'
  if (kind === 'client-link') return undefined
  if (!hasContainers(cluster))
    return 'it is known by its address alone, so Lossproof cannot reach its machines and breaks only its own clients'
  if (kind === 'process' || kind === 'cluster') return undefined
  if (id === 'wipe-disk')
    return cluster['volumes'] === undefined || cluster['volumes'] === null
      ? 'cluster.volumes does not name the volumes that it may empty'
      : undefined
  if (kind === 'disk') return 'its data lie on disks that Lossproof did not make'
  return needs.includes('iptables') ? undefined : 'its brokers reach each other without a proxy in between'
}
