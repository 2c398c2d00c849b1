import { linkFault } from './link-fault.ts'

export const cutResponses = linkFault({
  id: 'cut-responses',
  effects: ['loses-answers'],
  title: 'Drop the answers of brokers to clients',
  models: 'Requests arrive and are carried out, but the client gets no answer: this turns retries into duplicates.',
  cannotModel: 'A loss of requests: use `cut`.',
  toxics: () => [{ type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } }],
  shows: probe => probe.outcome === 'silent',
})
