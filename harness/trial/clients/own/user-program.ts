/** A program of the user's, as a process of this machine or in a container of an image of theirs. */
import { resolve } from 'node:path'
import type { Janitor } from '../../../../docker/cleanup/janitor.ts'
import type { ClientHost } from '../../../../docker/nodes/client-host.ts'
import type { Settings } from '../../../../model/settings.ts'
import { wordsOf } from '../../../../workloads/clients/command/words.ts'
import { ContainerProgram } from '../container-program.ts'
import type { Program } from './program.ts'
import { SpawnedProgram } from './spawned.ts'

export interface OwnEnvironment {
  janitor: Pick<Janitor, 'watch'>
  /** Where containers run. */
  host: Pick<ClientHost, 'docker' | 'labels'>
  /** The run's folder, absolute. */
  folder: string
}

export interface ProgramCall {
  words: readonly string[]
  environment: Readonly<Record<string, string>>
  /** Name of the process, unique in the trial. */
  process: string
}

/** `given`: the settings `image`, `entrypoint` and `folder`. Without an image it is a process of this machine. */
export function userProgram(
  { image, entrypoint, folder: workingFolder }: Settings,
  { words, environment, process }: ProgramCall,
  { janitor, host, folder }: OwnEnvironment,
): Program {
  if (typeof image !== 'string')
    return new SpawnedProgram({ words, folder: resolve(String(workingFolder ?? '.')), environment }, janitor)
  // Nothing else of the host: it also has the image and the entrypoint of clients that ship with Lossproof.
  const { docker, labels } = host
  const start = typeof entrypoint === 'string' ? { entrypoint: wordsOf(entrypoint) } : {}
  return new ContainerProgram({ docker, labels, image, ...start, words, environment, process, folder })
}
