/** What the messages of a lane contain, whether a client or an application reads them. */
import type { Lane } from '../../model/plan.ts'
import { payloadOf } from '../clients/catalog.ts'
import type { PayloadFormat } from '../payload-format.ts'
import { tagOf } from './ids.ts'

/** `t0`: the beginning of the trial. */
export function payloadOfLane({ id, app, producer, workload }: Lane, t0: string): PayloadFormat {
  if (app?.message === undefined) return payloadOf(producer)
  return { template: app.message, tag: tagOf(t0, id), sizeBytes: workload.sizeBytes }
}
