/** Settings of the place `workload`: the load itself, and what the applications around the clients do. */
import { oneOf, quantity, trueOrFalse, wholeNumber } from '../../../model/setting-rule.ts'
import type { SettingRule } from '../../../model/setting-rule.ts'
import { sendStatuses } from '../../../model/workload.ts'
import type { SendStatus } from '../../../model/workload.ts'
import { parseDuration, parseRate, parseSize } from '../scenario/units.ts'
import { z } from 'zod'

export const smallestPayload = 64

/** The send statuses in a list separated by commas; undefined when one of them is unknown. */
export function parseStatuses(text: string): SendStatus[] | undefined {
  const words = text.split(',').map(part => part.trim())
  const known = words.flatMap(word => sendStatuses.find(status => status === word) ?? [])
  return known.length === words.length ? known : undefined
}

/** The words of a list separated by commas; undefined when one of them has characters that no tag should have. */
export function parseTags(text: string, word: RegExp): string[] | undefined {
  const words = text.split(',').map(part => part.trim())
  return words.every(one => word.test(one)) ? words : undefined
}
export const oneTag = /^\w+$/
export const oneSubscription = /^(?:\*|\w+(?:\s*\|\|\s*\w+)*)$/

const tagList = (word: RegExp, form: string): Omit<SettingRule, 'doc'> => ({
  form,
  input: z.string(),
  parse: value => (typeof value === 'string' && parseTags(value, word) !== undefined ? value : undefined),
})

/** The settings that say what consumers do; each of them asks for consumers. */
export const consumerSettings: readonly string[] = [
  'consumers',
  'subscriptions',
  'commit',
  'commitCall',
  'unit',
  'processing',
  'processTime',
  'workers',
  'commitPoint',
  'slowEvery',
  'slowTime',
  'poisonEvery',
  'onPoison',
  'handlerAttempts',
  'idempotent',
]

export const workloadSettings: Readonly<Record<string, SettingRule>> = {
  rate: { doc: 'messages per second of each lane (`100/s`)', ...quantity(parseRate, '200/s', '1000000/s') },
  size: {
    doc: `payload size (\`100B\`), at least ${smallestPayload}B, because it holds lane, number and checksum`,
    ...quantity(parseSize, '100B', '128MiB'),
  },
  batch: { doc: 'messages in one send call (1)', ...wholeNumber(1, 100_000) },
  spread: {
    doc: 'one send call goes to several partitions, with one message for each (false); only for client libraries that can',
    ...trueOrFalse,
  },
  maxInFlight: { doc: 'limit of unanswered sends of a lane (1024)', ...wholeNumber(1, 1_000_000) },
  messages: { doc: 'stop after this many messages (no limit)', ...wholeNumber(1, 1_000_000_000) },
  keys: { doc: 'messages have so many different keys, in turn (no keys)', ...wholeNumber(1, 1_000_000) },
  attempts: {
    doc: 'attempts that the producing application makes for each message, in addition to the retries of the client (1)',
    ...wholeNumber(1, 1_000_000),
  },
  backoff: { doc: 'pause between two attempts (`200ms`)', ...quantity(parseDuration, '200ms', '60min') },
  spool: {
    doc:
      "the producing application's local store: `none`, `after-failure` (written when all attempts have failed) " +
      'or `write-ahead` (written before the first attempt) (`none`)',
    ...oneOf('none', 'after-failure', 'write-ahead'),
  },
  awaits: {
    doc:
      'whether the producing application looks at the answers to its sends (true); without, a message that is neither ' +
      'acknowledged nor stored is `unsent`',
    ...trueOrFalse,
  },
  closes: {
    doc: 'whether the producing application closes its client when `stop-client` ends it (true)',
    ...trueOrFalse,
  },
  ackedWhen: {
    doc:
      'the send statuses that count as acknowledged, separated by commas (`SEND_OK`); other statuses count as unknown; ' +
      'only where brokers answer with a status',
    form: `one or more of ${sendStatuses.join(', ')}, separated by commas`,
    input: z.string(),
    parse: value => (typeof value === 'string' && parseStatuses(value) !== undefined ? value : undefined),
  },
  tags: {
    doc: 'tags that the messages get in turn (none); only where messages have tags',
    ...tagList(oneTag, 'tags of letters, digits and underscores, separated by commas, such as A,B'),
  },
  consumers: { doc: 'members of the consumer group (1)', ...wholeNumber(1, 100) },
  subscriptions: {
    doc:
      'the tags that each member of the consumer group subscribes to, one expression a member, separated by commas ' +
      '(`*` for each); needs `tags`',
    ...tagList(oneSubscription, 'one expression for each member, separated by commas, such as A,B or A||B,A||B'),
  },
  commit: {
    doc:
      'when offsets are committed: by the client on its own (`library`), or by the application `before` or `after` it ' +
      'processes a message; the default is `after` where `consumer.enable.auto.commit` is false, else `library`',
    ...oneOf('library', 'before', 'after'),
  },
  commitCall: {
    doc: 'whether the application waits for the answer to its commit: `sync` or `async` (`sync`)',
    ...oneOf('sync', 'async'),
  },
  unit: { doc: 'what one handler call receives: a `message` or a `batch` (`message`)', ...oneOf('message', 'batch') },
  processing: {
    doc: '`inline`, or `worker`: the handler returns at once and a worker does the work later (`inline`)',
    ...oneOf('inline', 'worker'),
  },
  workers: {
    doc: 'workers behind the queue of `processing: worker` (1); only for client libraries that can',
    ...wholeNumber(1, 1000),
  },
  commitPoint: {
    doc:
      'with several workers and `commit: after`, what is committed: everything before the first message that is not ' +
      'done (`contiguous`), or everything before the last message that is done (`highest`) (`contiguous`)',
    ...oneOf('contiguous', 'highest'),
  },
  slowEvery: { doc: 'the work on every n-th message takes `slowTime` (never)', ...wholeNumber(2) },
  slowTime: { doc: 'duration of the work on a slow message (`5s`)', ...quantity(parseDuration, '5s', '60min') },
  processTime: { doc: 'duration of the work on one message (`0ms`)', ...quantity(parseDuration, '20ms', '60min') },
  poisonEvery: { doc: 'the handler fails at every n-th message (never)', ...wholeNumber(2) },
  onPoison: {
    doc:
      'what the handler does when a message has failed for the last time: `swallow` (return as if it had succeeded), ' +
      '`throw`, `throw-type-error`, `reconsume-later` (ask for redelivery), `return-null`, or `park` (store it, alert, ' +
      'go on) (`throw`)',
    ...oneOf('swallow', 'throw', 'throw-type-error', 'reconsume-later', 'return-null', 'park'),
  },
  handlerAttempts: {
    doc:
      'how often the handler tries a message (1; with `park` 3); where the system redelivers failed messages, each ' +
      'delivery is one try',
    ...wholeNumber(1, 1_000_000),
  },
  idempotent: { doc: 'effects go through a store keyed by message number (false)', ...trueOrFalse },
}
