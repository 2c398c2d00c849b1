/** What a fault needs of the machine and of the system under test. */

/** Capabilities of the machine, as `lossproof doctor` names them. */
export const capabilities = ['docker', 'iptables', 'loop-devices', 'freezer', 'cgroup-writes'] as const
export type Capability = (typeof capabilities)[number]

/**
 * Abilities that not every system has. A system lists its own in its facts, and the planner refuses a fault that needs
 * another one.
 *
 * - `leadership-transfer`: an operator can move leadership to another in-sync replica.
 * - `controller-epochs`: each elected controller has a higher epoch than the one before, and brokers report it.
 * - `broker-mesh`: every broker talks to every other broker, whichever of them leads.
 */
export const systemAbilities = ['leadership-transfer', 'controller-epochs', 'broker-mesh'] as const
export type SystemAbility = (typeof systemAbilities)[number]
