import { applicationFault } from './application-fault.ts'

export const stopApp = applicationFault({
  id: 'stop-app',
  effects: ['ends-client', 'gentle'],
  title: 'End the application gracefully (SIGTERM)',
  models: 'A deployment: the application may finish what it has begun, and exits.',
  cannotModel: 'An application that gets no time at all: `crash-app`.',
  act: async (context, client) => context.endClient(client, 'SIGTERM'),
  // After SIGTERM an application may exit with any code, or end by that signal. SIGKILL would mean that somebody else killed it.
  shows: state => !state.running && state.finished && state.ended !== 'signal SIGKILL',
  heal: async (context, client) => context.startClient(client),
})
