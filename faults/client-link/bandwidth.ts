import { positive } from '../contract/params.ts'
import { inBothDirections, linkFault } from './link-fault.ts'

/** The answer to a probe has some 500 bytes; half the time of 400 bytes is proof enough. */
const leastMs = (kbps: unknown) => (400 / Number(kbps)) * 0.5

export const bandwidth = linkFault({
  id: 'bandwidth',
  effects: ['slows'],
  title: 'Limit the bandwidth between clients and brokers',
  models: 'A saturated or throttled line.',
  cannotModel: 'Loss of packets where a queue overflows.',
  params: { kbps: { doc: 'kilobytes a second in each direction (10)', default: 10, check: positive } },
  toxics: ({ kbps }) => inBothDirections({ type: 'bandwidth', attributes: { rate: Number(kbps) } }),
  shows: (probe, { kbps }) => probe.outcome === 'silent' || probe.ms >= leastMs(kbps),
})
