import type { Fault } from './fault.ts'

/** SIGKILL: the process is gone at once; what it had written stays in the page cache and on disk. */
export const crash: Fault = {
  id: 'crash',
  title: 'kill a node (SIGKILL)',
  models: 'A process that dies without a word: out-of-memory killer, segmentation fault, kill -9.',
  cannotModel: 'Loss of power: the page cache outlives the process, so whatever was written survives.',
  needs: ['docker'],
  targets: ['leader', 'follower', 'controller'],
  params: {},
  async inject(context, node) {
    const killed = await context.kill(node)
    return {
      async evidence() {
        const state = await context.state(node)
        const complete = killed.exitCode === 137 && !state.running
        return { complete, seen: { exitCode: killed.exitCode, engineEvent: killed.engineEvent ?? 'none seen', running: state.running } }
      },
      heal: async () => context.start(node),
    }
  },
}
