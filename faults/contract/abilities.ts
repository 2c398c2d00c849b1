/** Capabilities of the machine, as `lossproof doctor` names them. */
export const capabilities = ['docker', 'iptables', 'loop-devices', 'freezer', 'cgroup-writes'] as const
export type Capability = (typeof capabilities)[number]
