/** Makes faults of client processes. Load goes on while they are injected, so they hit a client in the middle of its work. */
import { byName, forEach, seenByName } from '../contract/by-name.ts'
import type { ClientState, FaultClient } from '../contract/client.ts'
import type { FaultContext } from '../contract/context.ts'
import type { Fault } from '../contract/fault.ts'
import { clientRoles } from '../contract/roles.ts'

/** Looks at a process until the signal shows. */
const looks = 20

export interface ClientFault extends Pick<Fault, 'id' | 'effects' | 'weaker' | 'title' | 'models' | 'cannotModel'> {
  act: (context: FaultContext, client: FaultClient) => Promise<void>
  /** Whether this is the state of a process that the fault has hit. */
  shows: (state: ClientState) => boolean
  heal: (context: FaultContext, client: FaultClient) => Promise<void>
}

export function clientFault({ act, shows, heal, ...texts }: ClientFault): Fault {
  return {
    ...texts,
    kind: 'client',
    needs: [],
    targets: clientRoles,
    params: {},
    underLoad: true,
    async inject(context, { clients }) {
      const before = await byName(clients, async client => context.clientState(client))
      await forEach(clients, async client => act(context, client))
      return {
        async evidence() {
          const states = await byName(clients, async client =>
            context.settled(() => context.clientState(client), shows, looks),
          )
          const seen = seenByName(clients, name => {
            const { unanswered = 0, uncommitted = 0 } = before.get(name) ?? {}
            const state = states.get(name)
            const { running, frozen, ended, finished } = state ?? {}
            // A client that ended by itself before the fault may have said why.
            const why = state?.said && !shows(state) ? { said: state.said } : {}
            return { running, frozen, ended, finished, ...why, unanswered, uncommitted }
          })
          return { complete: clients.length > 0 && [...states.values()].every(shows), seen }
        },
        heal: async () => forEach(clients, async client => heal(context, client)),
      }
    },
  }
}
