import { applicationFault } from './application-fault.ts'

export const stopApp = applicationFault({
  id: 'stop-app',
  effects: ['ends-client', 'gentle'],
  title: 'End the application gracefully (SIGTERM)',
  models: 'A deployment: the application may finish what it has begun, and exits.',
  cannotModel: 'An application that gets no time at all: `crash-app`.',
  act: async (context, client) => context.endClient(client, 'SIGTERM'),
  // An application may end with code 0, with 143, or by the signal itself. A SIGKILL is no end of its own.
  shows: state => !state.running && state.finished && state.ended !== 'signal SIGKILL',
  heal: async (context, client) => context.startClient(client),
})
