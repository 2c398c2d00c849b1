/** Faults of client processes, as the operating system inflicts them: mid-flight, because load goes on around them. */
import { each } from './each.ts'
import { clientRoles } from './fault.ts'
import type { ClientState, Fault, FaultClient, FaultContext } from './fault.ts'

const looks = 20

interface ClientFault {
  id: string
  title: string
  models: string
  cannotModel: string
  act: (context: FaultContext, client: FaultClient) => Promise<void>
  /** Whether the process is as it must be under this fault. */
  shows: (state: ClientState) => boolean
  heal: (context: FaultContext, client: FaultClient) => Promise<void>
}

function clientFault(spec: ClientFault): Fault {
  const { id, title, models, cannotModel } = spec
  return {
    id,
    title,
    models,
    cannotModel,
    needs: [],
    actsOn: 'client-processes',
    targets: clientRoles,
    params: {},
    underLoad: true,
    async inject(context, { clients }) {
      const before = await each(clients, async client => context.clientState(client))
      await each(clients, async client => spec.act(context, client))
      return {
        async evidence() {
          // A signal takes a moment to be seen.
          const states = await each(clients, async client =>
            context.settled(() => context.clientState(client), spec.shows, looks),
          )
          const seen = Object.fromEntries(
            clients.map(({ name }) => {
              const { unanswered = 0, uncommitted = 0 } = before.get(name) ?? {}
              const { running, frozen, ended, finished } = states.get(name) ?? {}
              return [name, { running, frozen, ended, finished, unanswered, uncommitted }]
            }),
          )
          return { complete: clients.length > 0 && [...states.values()].every(spec.shows), seen }
        },
        heal: async () => void (await each(clients, async client => spec.heal(context, client))),
      }
    },
  }
}

export const crashClient = clientFault({
  id: 'crash-client',
  title: 'Kill client processes (SIGKILL)',
  models:
    'An application that dies in the middle of its work: after it fetched and before it committed, after it sent and before the answer came.',
  cannotModel: 'The loss of its local disk: spool and stores are there when it starts again.',
  act: async (context, client) => context.endClient(client, 'SIGKILL'),
  shows: state => !state.running && state.ended === 'signal SIGKILL',
  heal: async (context, client) => context.startClient(client),
})

export const stopClient = clientFault({
  id: 'stop-client',
  title: 'End client processes gracefully (SIGTERM)',
  models: 'A deployment: the application closes its client and ends by itself.',
  cannotModel: 'An application that does not close its client: use `crash-client`.',
  act: async (context, client) => context.endClient(client, 'SIGTERM'),
  shows: state => !state.running && state.ended === 'exit code 0' && state.finished,
  heal: async (context, client) => context.startClient(client),
})

export const pauseClient = clientFault({
  id: 'pause-client',
  title: 'Freeze client processes (SIGSTOP)',
  models:
    'A long garbage collection or a suspended host: a consumer that loses its membership without knowing, a producer whose sends grow old.',
  cannotModel: 'A process that is merely slow.',
  act: async (context, client) => context.freezeClient(client),
  shows: state => state.running && state.frozen,
  heal: async (context, client) => context.wakeClient(client),
})
