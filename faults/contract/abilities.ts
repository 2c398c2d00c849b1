/** What a fault needs of the machine and of the system under test. */
import { abilities } from '../../model/abilities.ts'

export type { Ability as SystemAbility } from '../../model/abilities.ts'

/** Capabilities of the machine, as `lossproof doctor` names them. */
export const capabilities = ['docker', 'iptables', 'loop-devices', 'freezer', 'cgroup-writes'] as const
export type Capability = (typeof capabilities)[number]

/** Abilities that not every system has. The planner refuses a fault that needs an ability which the system lacks. */
export const systemAbilities: readonly string[] = Object.keys(abilities)
