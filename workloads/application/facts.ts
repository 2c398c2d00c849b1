/** The settings of an application in the middle, `app:` in a scenario. docs/own-application.md lists them. */
import type { Settings, SettingValue } from '../../model/settings.ts'
import { wordsOf } from '../clients/command/words.ts'
import { parseCorrelation } from './correlation.ts'

/** What a user gives under `app:`, with its meaning for editors. Environment variables are `env.<name>` beside these. */
export const applicationSettings = {
  command: 'the command that starts the application, a list or a text that is split at spaces; no shell',
  image: 'start it in a container of this image, on the host network',
  entrypoint: 'with `image`: replaces the entrypoint of the image',
  folder: 'the folder in which the command runs; default: that of the scenario file. Not with `image`',
  in: 'a word for the topic that it reads',
  out: 'a word for the topic that it writes',
  correlate: 'where its output names the input: `key`, `header:<name>` or a path such as `$.order.id` (`key`)',
  message: 'what the inputs contain, with `{id}` and `{number}` in it',
  within: 'an input that comes out later than this after its acknowledgement is late, such as `5s` (no limit)',
} as const

const word = /^[A-Za-z0-9_-]{1,60}$/

/** The first setting that is wrong, and why; undefined: all are right. */
export function applicationRefusal(settings: Settings): { name: string; why: string } | undefined {
  const { command, image, entrypoint, folder, correlate = 'key', message } = settings
  const wrong = (name: string, why: string) => ({ name, why })
  if (given(command) === undefined && given(image) === undefined)
    return wrong('command', 'the application needs a command or an image: app: { command: [node, service.mjs], … }')
  if (given(image) !== undefined && String(image).trim() === '')
    return wrong('image', 'expected the name of an image, got an empty text')
  if (given(command) !== undefined && (wordsOf(String(command))[0] ?? '').trim() === '')
    return wrong('command', `expected a command such as [node, service.mjs], got ${JSON.stringify(command)}`)
  if (given(image) === undefined && given(entrypoint) !== undefined)
    return wrong('entrypoint', 'app.entrypoint needs app.image')
  if (given(image) !== undefined && given(folder) !== undefined)
    return wrong('folder', 'app.folder has no effect in a container: leave it out')
  for (const name of ['in', 'out'] as const)
    if (!word.test(String(settings[name] ?? '')))
      return wrong(
        name,
        `app.${name}: expected a word for the topic that it ${name === 'in' ? 'reads' : 'writes'}, of letters, digits, ` +
          `dashes and underscores, such as ${name === 'in' ? 'orders' : 'invoices'}, got ${JSON.stringify(settings[name] ?? null)}`,
      )
  if (settings['in'] === settings['out']) return wrong('out', `app.in and app.out are both "${String(settings['in'])}"`)
  const correlation = parseCorrelation(String(correlate))
  if (correlation === undefined)
    return wrong(
      'correlate',
      `app.correlate: expected key, header:<name> or a path of names and indexes such as $.order.id or $.items[0].id, ` +
        `got ${JSON.stringify(correlate)}`,
    )
  if (message !== undefined && message !== null && !String(message).includes('{id}'))
    return wrong('message', 'app.message has no {id}, so that nobody could know a message again')
  return undefined
}

/** The environment variables that the scenario gives, by name. */
export const environmentOf = (settings: Settings): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      name.startsWith('env.') && value !== null ? [[name.slice('env.'.length), String(value)]] : [],
    ),
  )

const given = (value: SettingValue | undefined) => value ?? undefined
