/**
 * Systems that misbehave in one way each. Tests and the table in docs/lies.md use them. Each has an honest twin: the same
 * script without the lie, whose verdict must be `held`.
 */
import { brokerLies } from './broker-lies.ts'
import { clientLies } from './client-lies.ts'
import { consumerLies } from './consumer-lies.ts'
import { harnessLies } from './harness-lies.ts'
import type { Lie } from './lie.ts'
import { readerLies } from './reader-lies.ts'

export const lies: readonly Lie[] = [...brokerLies, ...clientLies, ...consumerLies, ...readerLies, ...harnessLies]
