/** What each role of a fault's target stands for, for docs/faults.md. */
import type { NodeRole } from '../../../faults/fault.ts'
import type { appRole, clientRoles } from '../../../faults/fault.ts'
import { systems } from '../../../systems/index.ts'
import { code, table } from './template.ts'

const nodeRoleTexts: Readonly<Record<NodeRole, string>> = {
  leader: 'the leaders of all lanes',
  follower: 'one in-sync follower of each lane',
  master: 'the masters of all broker groups that hold a lane',
  slave: 'the in-sync slaves of those groups',
  'first-master': "the master of each lane's first broker group",
  'first-slave': "the in-sync slaves of each lane's first broker group",
  controller: 'the active controller',
  'controller-majority': 'the active controller and as many other voters as make a majority',
  'name-server': 'all name servers; in controller mode each of them also runs a controller',
  'first-name-server': 'one name server, the first',
  proxy: 'all proxies',
  coordinator: 'the coordinators of the consumer groups',
  all: 'all brokers',
  minority: 'fewer than half of the brokers, the leader first',
  majority: 'more than half of the brokers, the leader first',
  'other-than(leader)': 'all brokers except the leaders',
  next: 'the broker after the one that the last fault hit, in the order of their numbers; at first the leader',
}

const clientRoleTexts: Readonly<Record<(typeof clientRoles)[number] | typeof appRole, string>> = {
  producer: "all producers: their links or their processes, as the fault's section says",
  consumer: 'all consumers, likewise',
  'first-consumer': 'the first member of each consumer group',
  app: 'all processes of the [applications in the middle](own-application.md), or their links',
}

export function roleTable(): string {
  const marks = (role: NodeRole) => systems.map(({ roles }) => (roles.includes(role) ? 'yes' : '–'))
  const known = (Object.keys(nodeRoleTexts) as NodeRole[]).filter(role => systems.some(({ roles }) => roles.includes(role)))
  return table(
    ['role', 'resolves to', ...systems.map(({ label }) => label)],
    [
      ...known.map(role => [code(role), nodeRoleTexts[role], ...marks(role)]),
      ...Object.entries(clientRoleTexts).map(([role, text]) => [code(role), text, ...systems.map(() => 'yes')]),
    ],
  )
}
