import { clientFault } from './client-fault.ts'

export const pauseClient = clientFault({
  id: 'pause-client',
  effects: ['silences-client'],
  title: 'Freeze client processes (SIGSTOP)',
  models:
    'A long garbage collection or a suspended host. A consumer loses its group membership without noticing; sends of ' +
    'a producer time out.',
  cannotModel: 'A process that is merely slow.',
  act: async (context, client) => context.freezeClient(client),
  shows: state => state.running && state.frozen,
  heal: async (context, client) => context.wakeClient(client),
})
