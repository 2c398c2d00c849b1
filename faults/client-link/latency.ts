import { positive, zeroOrMore } from '../contract/params.ts'
import { inBothDirections, linkFault, probeLimitMs } from './link-fault.ts'

/** Timers of the proxy can fire a little early. */
const tolerance = 0.95

export const latency = linkFault({
  id: 'latency',
  effects: ['slows'],
  title: 'Delay everything between clients and brokers',
  models: 'A distant or congested network.',
  cannotModel: 'Packet loss with its retransmissions: TCP sees a slow line that loses nothing.',
  params: {
    ms: { doc: 'delay of each direction, milliseconds (100)', default: 100, check: positive },
    jitter: { doc: 'random delay added to it, milliseconds (0)', default: 0, check: zeroOrMore },
  },
  toxics: ({ ms, jitter }) =>
    inBothDirections({ type: 'latency', attributes: { latency: Number(ms), jitter: Number(jitter) } }),
  // Request and answer are both delayed; jitter can shorten the delay.
  shows: (probe, { ms, jitter }) =>
    probe.outcome === 'answered'
      ? probe.ms >= 2 * (Number(ms) - Number(jitter)) * tolerance
      : probe.outcome === 'silent' && 2 * Number(ms) >= probeLimitMs,
})
