import type { Fault } from '../contract/fault.ts'
import { crash } from '../process/crash.ts'

/** An election takes seconds on a busy machine. */
const looks = 120
const leastControllers = 3

/** `crash` of the active controller, with one more proof: another controller is active in a later epoch. */
export const controllerCrash: Fault = {
  ...crash,
  id: 'controller-crash',
  kind: 'cluster',
  weaker: [],
  title: 'Kill the active controller (SIGKILL)',
  models: 'The death of the node that decides about leaders and members: the quorum elects another one.',
  cannotModel: 'The loss of the majority: use `crash` with target `controller-majority`.',
  abilities: ['controller-epoch'],
  targets: ['controller'],
  refuses: brokers =>
    brokers < leastControllers
      ? `with ${brokers} controllers no other one can take over; the fault needs at least ${leastControllers}`
      : undefined,
  async inject(context, target, params) {
    const before = await context.activeController()
    const injected = await crash.inject(context, target, params)
    return {
      ...injected,
      async evidence() {
        const crashed = await injected.evidence()
        const now = await context.settled(
          async () => context.activeController().catch(() => before),
          later => later.epoch > before.epoch,
          looks,
        )
        return {
          complete: crashed.complete && now.epoch > before.epoch && now.id !== before.id,
          seen: { ...crashed.seen, controllerBefore: before, controllerNow: now },
        }
      },
    }
  },
}
