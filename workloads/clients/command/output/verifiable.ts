/**
 * The format `verifiable`: the JSON lines of Kafka's VerifiableProducer and VerifiableConsumer, and of the programs that
 * print the same.
 *
 * Limits. The producer prints nothing before a request leaves, so its lane file has answers and no `sent`, and its header
 * says so. The consumer prints records only with --verbose; what it has printed counts as processed.
 */
import type { LaneRecord } from '../../../../history/records.ts'
import { numberOf } from '../../../payload.ts'
import { nothing, objectOf, wrong } from './translator.ts'
import type { Meaning, Translator } from './translator.ts'

const shownChars = 120
/** Code of a message that the producer says it has sent, and never printed an answer for. */
const noAnswer = 'NO_ANSWER'

export class VerifiableLines implements Translator {
  readonly #role: 'producer' | 'consumer'
  readonly #firstNumber: number
  readonly #answered = new Set<number>()
  #began = false

  /** `firstNumber`: the prefix of the values that this producer sends. */
  constructor(role: 'producer' | 'consumer', firstNumber = 0) {
    this.#role = role
    this.#firstNumber = firstNumber
  }

  take(line: string, now: number): Meaning {
    const event = objectOf(line)
    // Newer versions print a note about their own arguments first.
    if (!event && !this.#began) return nothing
    this.#began = true
    if (!event || typeof event['name'] !== 'string')
      return wrong(
        `not a line of VerifiableProducer or VerifiableConsumer: ${JSON.stringify(line.slice(0, shownChars))}`,
      )
    return this.#role === 'producer' ? this.#produced(event['name'], event, now) : consumed(event['name'], event, now)
  }

  #produced(name: string, event: Record<string, unknown>, t: number): Meaning {
    if (name === 'startup_complete') return { records: [], says: 'ready' }
    if (name === 'shutdown_complete') return { records: [], says: 'complete' }
    if (name === 'tool_data') return { records: this.#unanswered(Number(event['sent']), t) }
    if (name !== 'producer_send_success' && name !== 'producer_send_error') return nothing
    const s = numberOf(String(event['value']))
    if (s === undefined) return wrong(`a value without the prefix of --value-prefix: ${String(event['value'])}`)
    this.#answered.add(s)
    if (name === 'producer_send_error') return { records: [{ op: 'unknown', s, t, c: codeOf(event) }] }
    const p = whole(event['partition'])
    if (p === undefined) return wrong(`"partition" is ${JSON.stringify(event['partition'])}`)
    // With acks=0 the offset is -1.
    const o = whole(event['offset'])
    return { records: [{ op: 'acked', s, p, ...(o === undefined ? {} : { o }), t }] }
  }

  /** The summary at the end says how many messages were sent. Those that had no answer never get one. */
  #unanswered(sent: number, t: number): LaneRecord[] {
    const records: LaneRecord[] = []
    for (let s = this.#firstNumber; s < this.#firstNumber + sent; s++)
      if (!this.#answered.has(s)) records.push({ op: 'unknown', s, t, c: noAnswer })
    return records
  }
}

function consumed(name: string, event: Record<string, unknown>, t: number): Meaning {
  switch (name) {
    case 'partitions_assigned':
      return { records: [], says: 'ready' }
    case 'shutdown_complete':
      return { records: [], says: 'complete' }
    case 'record_data': {
      const s = numberOf(String(event['value']))
      const p = whole(event['partition'])
      const o = whole(event['offset'])
      if (p === undefined || o === undefined) return wrong('record_data without partition or offset')
      // The fence of the harness is no message.
      if (s === undefined) return nothing
      return {
        records: [
          { op: 'delivered', s, p, o, t },
          { op: 'processed', s, p, o, t },
        ],
      }
    }
    case 'offsets_committed':
      return event['success'] === true ? { records: commitsOf(event['offsets'], t) } : nothing
    default:
      return nothing
  }
}

function commitsOf(offsets: unknown, t: number): LaneRecord[] {
  if (!Array.isArray(offsets)) return []
  return offsets.flatMap((entry: Record<string, unknown>): LaneRecord[] => {
    const p = whole(entry['partition'])
    const o = whole(entry['offset'])
    return p === undefined || o === undefined ? [] : [{ op: 'committed', p, o, t }]
  })
}

const whole = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

/** `class org.apache.kafka.common.errors.TimeoutException` → `TimeoutException`. */
const codeOf = ({ exception, message }: Record<string, unknown>): string => {
  const text = [exception, message].find(found => typeof found === 'string')
  return (typeof text === 'string' ? text : 'error').split('.').at(-1) ?? 'error'
}
