import { positiveUpTo } from '../contract/params.ts'
import { linkFault } from './link-fault.ts'

const mostMs = 60_000
/** Longer than the longest delay of a close. */
const closeLimitMs = 65_000

export const slowClose = linkFault({
  id: 'slow-close',
  effects: ['slows'],
  title: 'Delay the close of connections between clients and brokers',
  models:
    'A proxy or firewall that keeps connections which one side has closed: the client learns late that its broker is gone.',
  cannotModel: 'Anything while connections stay open: it shows only where one side closes.',
  params: {
    ms: {
      doc: `how long a close is held back, milliseconds (1000), at most ${mostMs}`,
      default: 1000,
      check: positiveUpTo(mostMs),
    },
  },
  toxics: ({ ms }) => [{ type: 'slow_close', stream: 'downstream', attributes: { delay: Number(ms) } }],
  probe: async (context, link) => context.probeClose(link, closeLimitMs),
  shows: (probe, { ms }) => probe.outcome === 'closed' && probe.ms >= Number(ms) * 0.95,
})
