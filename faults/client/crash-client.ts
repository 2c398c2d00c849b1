import { clientFault } from './client-fault.ts'

export const crashClient = clientFault({
  id: 'crash-client',
  effects: ['ends-client'],
  weaker: ['stop-client', 'pause-client'],
  title: 'Kill client processes (SIGKILL)',
  models:
    'An application that dies in the middle of its work: a consumer between fetch and commit, or a producer between ' +
    'send and answer.',
  cannotModel: 'The loss of its local disk: its spool and stores are there when it starts again.',
  act: async (context, client) => context.endClient(client, 'SIGKILL'),
  shows: state => !state.running && state.ended === 'signal SIGKILL',
  heal: async (context, client) => context.startClient(client),
})
