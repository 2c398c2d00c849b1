import { positiveUpTo } from '../contract/params.ts'
import { linkFault, probeAnswerBytes } from './link-fault.ts'

export const limitData = linkFault({
  id: 'limit-data',
  effects: ['loses-answers'],
  title: 'Close connections of clients after a number of answered bytes',
  models: 'A proxy that ends connections in the middle of an answer.',
  cannotModel: 'A limit on requests.',
  params: {
    bytes: {
      doc: `bytes of answers that a connection can carry (100), at most ${probeAnswerBytes} so that a probe exceeds it`,
      default: 100,
      check: positiveUpTo(probeAnswerBytes),
    },
  },
  toxics: ({ bytes }) => [{ type: 'limit_data', stream: 'downstream', attributes: { bytes: Number(bytes) } }],
  shows: probe => probe.outcome === 'closed',
})
