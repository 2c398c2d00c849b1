import { applicationFault } from './application-fault.ts'

export const pauseApp = applicationFault({
  id: 'pause-app',
  effects: ['silences-client'],
  title: 'Freeze the application (SIGSTOP)',
  models:
    'A long garbage collection or a suspended host. The application loses its place in the group without noticing.',
  cannotModel: 'A process that is merely slow.',
  act: async (context, client) => context.freezeClient(client),
  shows: state => state.running && state.frozen,
  heal: async (context, client) => context.wakeClient(client),
})
