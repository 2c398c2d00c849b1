/** For tests: what a stress of a few lines of settings draws from. */
import { readConfiguration } from '../../audit/read/index.ts'
import { spaceOf } from '../space.ts'
import type { Space } from '../space.ts'
import { subjectOf } from '../subject.ts'
import type { Subject } from '../subject.ts'

export const unsafeAcks = 'producer:\n  acks: 1\n'
export const commitsFirst = 'consumer:\n  enable.auto.commit: false\nworkload:\n  commit: before\n'
export const oneReplica = 'topic:\n  replication.factor: 1\nproducer:\n  acks: all\n'
export const asyncMaster = 'broker:\n  brokerRole: SYNC_MASTER\n  inSyncReplicas: 1\n'
export const elected = 'cluster:\n  mode: controller\n  slaves: 2\nbroker:\n  allAckInSyncStateSet: true\n'

export const subjectFrom = (text: string, promises: Subject['promises'] = {}): Subject =>
  subjectOf(readConfiguration([{ name: 'my.yaml', text }]), promises)

export const spaceFrom = (text: string): Space => spaceOf(subjectFrom(text), { lacking: new Map(), around: true })
