import { positive } from '../contract/params.ts'
import { linkFault } from './link-fault.ts'

export const reset = linkFault({
  id: 'reset',
  effects: ['loses-requests', 'loses-answers'],
  title: 'Reset connections between clients and brokers (TCP RST)',
  models: 'A firewall or load balancer that drops its connection table.',
  cannotModel: 'A single reset: while the fault lasts, new connections are reset too.',
  params: { ms: { doc: 'how long a connection lives, milliseconds (1)', default: 1, check: positive } },
  toxics: ({ ms }) => [{ type: 'reset_peer', stream: 'downstream', attributes: { timeout: Number(ms) } }],
  shows: probe => probe.outcome === 'closed' || probe.outcome === 'refused',
})
