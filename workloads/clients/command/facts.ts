import type { Settings } from '../../../model/plan.ts'
import { oneOf, setting } from '../facts.ts'
import type { Application, ClientFacts, ClientSetting } from '../facts.ts'
import { wordsOf } from './words.ts'

const words: ClientSetting['check'] = value =>
  typeof value === 'string' && wordsOf(value).length > 0
    ? undefined
    : `expected a command such as [python3, producer.py], got ${JSON.stringify(value)}`
const text: ClientSetting['check'] = value =>
  typeof value === 'string' && value !== '' ? undefined : `expected a text, got ${JSON.stringify(value)}`

/** `records`: the records of lane files. `verifiable`: what Kafka's VerifiableProducer and VerifiableConsumer print. */
export const outputFormats = ['records', 'verifiable'] as const
export type OutputFormat = (typeof outputFormats)[number]

export const formatOf = (own: Settings): OutputFormat => (own['format'] === 'verifiable' ? 'verifiable' : 'records')

export const facts: ClientFacts = {
  system: 'kafka',
  title: 'Your own client, see [own-client.md](own-client.md)',
  runsIn: 'command',
  settings: { producer: new Map(), consumer: new Map() },
  passesSettings: true,
  own: new Map([
    setting('command', 'the command to start, a list or a text that is split at spaces; no shell', words),
    setting('image', 'start the command in a container of this image, on the host network', text),
    setting('entrypoint', 'with `image`: replaces the entrypoint of the image', words),
    setting(
      'folder',
      'the folder in which the command runs; default: that of the scenario file. Not with `image`',
      text,
    ),
    setting(
      'format',
      'what it prints: `records`, or `verifiable` for the JSON lines of VerifiableProducer and VerifiableConsumer',
      oneOf(...outputFormats),
    ),
  ]),
  payload: own => (formatOf(own) === 'verifiable' ? 'numbers' : 'lossproof'),
  conflict: (role, _settings, application) =>
    startConflict(application.own ?? {}) ??
    (role === 'producer' ? sendingConflict(application) : handlingConflict(application)),
  answers: {
    acked: 'The client printed `acked`; or, with `format: verifiable`, `producer_send_success`.',
    rejected: 'The client printed `rejected`. VerifiableProducer cannot tell, so it never is.',
    unknown: 'The client printed `unknown`; or, with `format: verifiable`, `producer_send_error`.',
  },
  consuming: [
    'The client is a program of its own: what it does with `commit`, `processTime` and the other settings of the ' +
      'workload is up to it. It receives them as JSON. Settings of `producer` and `consumer` are passed on as they ' +
      'are, whatever their names.',
    'With `format: verifiable` the time at which a message was sent is not known. So a window contains none of its ' +
      'messages, and expectations such as `acked-in(window)` are inconclusive.',
  ],
}

function startConflict(own: Settings): string | undefined {
  const { command, image, entrypoint, folder } = own
  if (command === undefined && image === undefined)
    return 'the client needs a command: client: { command: [python3, producer.py] }'
  if (image === undefined && entrypoint !== undefined) return 'client.entrypoint needs client.image'
  if (image !== undefined && folder !== undefined) return 'client.folder has no effect in a container: leave it out'
  return undefined
}

/** Settings of the workload that the harness carries out itself, with its own clients. */
function sendingConflict({ own = {}, sending, workload }: Application): string | undefined {
  const harnessOnly = (name: string) => `workload.${name} has no effect on a client of your own: leave it out`
  if (sending && sending.spool !== 'none') return harnessOnly('spool')
  if (sending && sending.attempts > 1) return harnessOnly('attempts')
  if (sending?.awaits === false) return harnessOnly('awaits')
  if (sending?.closes === false) return harnessOnly('closes')
  if (workload?.keys !== undefined) return harnessOnly('keys')
  if (formatOf(own) === 'verifiable' && (workload?.batch ?? 1) > 1)
    return 'workload.batch has no effect on VerifiableProducer: leave it out'
  if (formatOf(own) === 'verifiable' && workload?.messages !== undefined)
    return 'workload.messages is not supported with format: verifiable: leave it out'
  return undefined
}

function handlingConflict({ own = {}, handling }: Application): string | undefined {
  if (!handling) return undefined
  const given = {
    poisonEvery: handling.poisonEvery !== undefined,
    onPoison: handling.onPoison !== 'throw',
    handlerAttempts: handling.attempts > 1,
    idempotent: handling.idempotent,
    slowEvery: handling.slowEvery !== undefined,
    processing: handling.processing === 'worker',
  }
  const [name] = Object.entries(given).find(([, isGiven]) => isGiven) ?? []
  if (name !== undefined) return `workload.${name} has no effect on a client of your own: leave it out`
  if (formatOf(own) !== 'verifiable') return undefined
  if (handling.commit === 'before')
    return 'VerifiableConsumer commits after it has printed a message: workload.commit: before is not supported'
  return handling.processMs > 0 ? 'workload.processTime has no effect on VerifiableConsumer: leave it out' : undefined
}
