import { inBothDirections, linkFault } from './link-fault.ts'

export const cut = linkFault({
  id: 'cut',
  effects: ['loses-requests', 'loses-answers'],
  weaker: ['cut-responses'],
  title: 'Cut the links between clients and brokers, both ways',
  models: 'A network that drops everything silently: sockets stay open, and nobody gets an error.',
  cannotModel: 'A cut between brokers: use `cut-replication`.',
  toxics: () => inBothDirections({ type: 'timeout', attributes: { timeout: 0 } }),
  shows: probe => probe.outcome === 'silent',
})
