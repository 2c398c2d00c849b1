/** Records of a lane whose leader was cut off and killed, where all or half of the acknowledged messages survived. */
import type { LaneRecord } from '../../../history/records.ts'
import { acked, closed, sent, stored } from '../../testing/literal.ts'

/** Message 0 before the cut, 1 and 2 inside it, 3 after the failover. */
export const delivered = (s: number): LaneRecord => ({ op: 'delivered', s, p: 0, o: s, t: 5000 })
export const producer = [
  sent(0, 500),
  acked(0, 510, 0),
  sent(1, 1100),
  acked(1, 1110, 1),
  sent(2, 1200),
  acked(2, 1210, 2),
  sent(3, 6000),
  acked(3, 6010, 1),
]
export const lossy = [stored(0, 0, 0), stored(3, 1, 1), ...closed(2)]
export const safe = [stored(0, 0, 0), stored(1, 1, 0), stored(2, 2, 0), stored(3, 3, 1), ...closed(4)]
export const safeProducer = [...producer.slice(0, 7), acked(3, 6010, 3)]
