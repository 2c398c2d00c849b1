/** Images as a file, so that another machine, or the next job of a CI server, need not build them. */
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type Dockerode from 'dockerode'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { engineStatus, isEngineError } from '../engine/errors.ts'
import { readBuildOutput } from './build.ts'

/** What the library can do and its types leave out. */
interface ImageSource {
  getImages: (options: { names: readonly string[] }) => Promise<NodeJS.ReadableStream>
}

/**
 * Writes the images with these tags, and the layers that they share once. Resolves with the size in bytes. The file appears
 * when it is complete. Throws LossproofError('image-build') when the engine has not all of them or the file cannot be written.
 */
export async function saveImages(docker: Dockerode, tags: readonly string[], file: string): Promise<number> {
  const part = `${file}.part`
  try {
    const stream = await (docker as Dockerode & ImageSource).getImages({ names: tags })
    await pipeline(stream, createWriteStream(part))
    await rename(part, file)
    return (await stat(file)).size
  } catch (error) {
    throw asArchiveError(`the images could not be written to ${file}`, error)
  } finally {
    await rm(part, { force: true })
  }
}

/** Loads all images of a file. Throws LossproofError('image-build') for a file that the engine cannot read. */
export async function loadImages(docker: Dockerode, file: string): Promise<void> {
  try {
    await readBuildOutput(await docker.loadImage(createReadStream(file)), 'archive', () => {})
  } catch (error) {
    throw asArchiveError(`the images of ${file} could not be loaded`, error)
  }
}

function asArchiveError(what: string, error: unknown): unknown {
  const isOurs = error instanceof LossproofError || isEngineError(error) || engineStatus(error) !== undefined
  const isFile = error instanceof Error && 'syscall' in error
  return isOurs || isFile ? new LossproofError('image-build', `${what}: ${messageOf(error)}`, { cause: error }) : error
}
