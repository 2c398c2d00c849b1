/** Roles at which faults are aimed. A role is resolved to nodes or clients when the fault is injected. */
import type { Ability } from '../../model/abilities.ts'
import type { Fault } from './fault.ts'

/** Roles of nodes. Each system lists the ones it has in its facts. */
export const nodeRoles = [
  'leader',
  'follower',
  'master',
  'slave',
  'first-master',
  'first-slave',
  'controller',
  'controller-majority',
  'name-server',
  'first-name-server',
  'proxy',
  'coordinator',
  'all',
  'minority',
  'majority',
  'other-than(leader)',
  'next',
] as const
export type NodeRole = (typeof nodeRoles)[number]

const withoutData: readonly NodeRole[] = [
  'controller',
  'controller-majority',
  'name-server',
  'first-name-server',
  'proxy',
]
/** Roles of nodes that store messages, for faults of their disks. */
export const brokerRoles = nodeRoles.filter(role => !withoutData.includes(role))
/** Roles of nodes that leave other nodes to be cut off from. */
export const partialRoles = nodeRoles.filter(role => role !== 'all')

/**
 * What the holder of a role is to the messages: it leads, it follows, or it leads and most others are hit with it. `member`:
 * some broker that leads or follows. `other`: it stores no messages.
 */
export type RoleKind = 'leader' | 'follower' | 'everyone' | 'member' | 'other' | 'client'

const kindsOfRoles: Readonly<Record<NodeRole, RoleKind>> = {
  leader: 'leader',
  follower: 'follower',
  master: 'leader',
  slave: 'follower',
  'first-master': 'leader',
  'first-slave': 'follower',
  controller: 'other',
  'controller-majority': 'other',
  'name-server': 'other',
  'first-name-server': 'other',
  proxy: 'other',
  coordinator: 'member',
  all: 'everyone',
  minority: 'leader',
  majority: 'everyone',
  'other-than(leader)': 'follower',
  next: 'member',
}

export function roleKind(role: string): RoleKind {
  const node = nodeRoles.find(known => known === role)
  return node === undefined ? 'client' : kindsOfRoles[node]
}

/** The roles of a target. Several roles joined by `+` are hit together: `master+controller`. */
export const rolesOf = (target: string): string[] => target.split('+').map(role => role.trim())

/** The application in the middle, for faults of its processes and of its links. Only lanes with an application have it. */
export const appRole = 'app'
/** Roles of clients, for faults of their links. */
export const linkRoles = ['producer', 'consumer', appRole] as const
/** Roles of clients, for faults of their processes: all of them, or the first consumer of each lane's group. */
export const clientRoles = ['producer', 'consumer', 'first-consumer'] as const

/**
 * The roles at which a fault can be aimed on a system. Empty: the system cannot have this fault. `applications`: also those
 * that only lanes with an application have.
 */
export function targetsOn(
  system: { roles: readonly NodeRole[]; abilities: readonly Ability[] },
  { abilities = [], targets }: Pick<Fault, 'abilities' | 'targets'>,
  { applications = false } = {},
): string[] {
  if (abilities.some(ability => !system.abilities.includes(ability))) return []
  const ofApplications = applications && system.abilities.includes('application') ? [appRole] : []
  const known: readonly string[] = [...system.roles, ...clientRoles, ...ofApplications]
  return targets.filter(target => known.includes(target))
}
