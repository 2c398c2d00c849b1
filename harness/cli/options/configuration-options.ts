/** Options of every command that reads the user's configuration files. */
import type { Argv } from 'yargs'
import { readConfiguration, readSource, withMentioned } from '../../audit/read/index.ts'
import type { Configuration, ReadOptions, SourceText } from '../../audit/read/index.ts'

export interface ConfigurationArguments {
  file: string[]
  topic: string | undefined
  client: string | undefined
  'system-version': string | undefined
}

/** `required`: whether a file has to be given as a word of the command. */
export function configurationOptions<T>(yargs: Argv<T>, required = true) {
  return yargs
    .positional('file', {
      type: 'string',
      array: true,
      ...(required ? { demandOption: true } : { default: [] as string[] }),
      describe: 'Configuration files of brokers, topics, producers and consumers, as they are',
    })
    .option('topic', { type: 'string', requiresArg: true, describe: 'The topic to test, when the files have several' })
    .option('client', {
      type: 'string',
      requiresArg: true,
      describe: 'Id of the client library, as docs/clients.md lists them, when the files do not name it',
    })
    .option('system-version', {
      type: 'string',
      requiresArg: true,
      describe: 'Version of the system to test (default: the newest one that Lossproof knows)',
    })
}

/** What the files say, together with the files that they name. Throws LossproofError('usage') for files that cannot be tested. */
export function readFiles(args: ConfigurationArguments): { configuration: Configuration; sources: SourceText[] } {
  const options: ReadOptions = {
    ...(args.topic === undefined ? {} : { topic: args.topic }),
    ...(args.client === undefined ? {} : { client: args.client }),
    ...(args['system-version'] === undefined ? {} : { version: args['system-version'] }),
  }
  const sources = withMentioned(args.file.map(readSource), all => readConfiguration(all, options).mentions)
  return { configuration: readConfiguration(sources, options), sources }
}
