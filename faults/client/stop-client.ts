import { clientFault } from './client-fault.ts'

export const stopClient = clientFault({
  id: 'stop-client',
  effects: ['ends-client', 'gentle'],
  title: 'End client processes gracefully (SIGTERM)',
  models: 'A deployment: the application closes its client and exits.',
  cannotModel:
    'An application that ends without closing its client, unless `workload.closes: false` says so. `crash-client` gives ' +
    'it no time at all.',
  act: async (context, client) => context.endClient(client, 'SIGTERM'),
  shows: state => !state.running && state.ended === 'exit code 0' && state.finished,
  heal: async (context, client) => context.startClient(client),
})
