import { applicationFault } from './application-fault.ts'

export const crashApp = applicationFault({
  id: 'crash-app',
  effects: ['ends-client'],
  weaker: ['stop-app', 'pause-app'],
  title: 'Kill the application (SIGKILL)',
  models: 'An application that dies in the middle of its work, between reading an input and writing its output.',
  cannotModel: 'The loss of its local disk: what it keeps there is there when it starts again.',
  act: async (context, client) => context.endClient(client, 'SIGKILL'),
  shows: state => !state.running && state.ended === 'signal SIGKILL',
  heal: async (context, client) => context.startClient(client),
})
