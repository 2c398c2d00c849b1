import { crash } from './crash.ts'
import type { Fault } from './fault.ts'

/** An election takes seconds on a busy machine. */
const looks = 120

/** As `crash` of the active controller, and proved further: another one is active in a later epoch. */
export const controllerCrash: Fault = {
  ...crash,
  id: 'controller-crash',
  title: 'Kill the active controller (SIGKILL)',
  models: 'The death of the node that decides on leaders and members: the quorum elects another.',
  cannotModel: 'The loss of the majority: use `crash` with target `controller-majority`.',
  systems: ['kafka'],
  targets: ['controller'],
  refuses: brokers => (brokers < 3 ? `of ${brokers} controllers none can take over: it takes three` : undefined),
  async inject(context, target, params) {
    const before = await context.activeController()
    const injected = await crash.inject(context, target, params)
    return {
      ...injected,
      async evidence() {
        const killed = await injected.evidence()
        const now = await context.settled(
          async () => context.activeController().catch(() => before),
          later => later.epoch > before.epoch,
          looks,
        )
        return {
          complete: killed.complete && now.epoch > before.epoch && now.id !== before.id,
          seen: { ...killed.seen, controllerBefore: before, controllerNow: now },
        }
      },
    }
  },
}
