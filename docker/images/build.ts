/** One image build through the engine's API, so that neither a Docker command nor buildx is needed. */
import type Dockerode from 'dockerode'
import { z } from 'zod'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { engineStatus } from '../engine/errors.ts'
import { tarOf } from './context.ts'
import type { Recipe } from './recipe.ts'

export interface BuildOptions {
  onProgress: (image: string, line: string) => void
  /** Ends a running build. Its finished layers are kept. */
  signal?: AbortSignal | undefined
}

/** Builds and tags the image. Throws LossproofError('image-build') with the last lines of the build's output. */
export async function build(
  docker: Dockerode,
  { name, tag, files, buildArgs }: Recipe,
  options: BuildOptions,
): Promise<void> {
  const started = performance.now()
  options.onProgress(name, `building ${tag}`)
  const stream = await docker.buildImage(tarOf(files), {
    t: tag,
    buildargs: { ...proxyArguments(), ...buildArgs },
    labels: { 'lossproof.image': name },
    forcerm: true,
    ...(options.signal ? { abortSignal: options.signal } : {}),
  })
  await readBuildOutput(stream, name, line => options.onProgress(name, line))
  if (!(await exists(docker, tag))) throw failed(name, 'the engine reported success, but the image does not exist', [])
  options.onProgress(name, `built in ${Math.round((performance.now() - started) / 1000)} s`)
}

const BuildLine = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
})
const linesKept = 25

/**
 * Reads a build's output, one JSON object a line, to its end. Throws the error that a line reports. Exported for its
 * test.
 */
export async function readBuildOutput(
  stream: NodeJS.ReadableStream,
  name: string,
  onLine: (line: string) => void,
): Promise<void> {
  const last: string[] = []
  let rest = ''
  const take = (text: string) => {
    const parsed = BuildLine.safeParse(JSON.parse(text))
    if (!parsed.success) return
    const { stream: output, status, error } = parsed.data
    if (error !== undefined) throw failed(name, error.trim(), last)
    const line = (output ?? status ?? '').trimEnd()
    if (line === '') return
    last.push(line)
    if (last.length > linesKept) last.shift()
    onLine(line)
  }
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') take(line)
  }
  if (rest.trim() !== '') take(rest)
}

function failed(name: string, reason: string, lastLines: readonly string[]): LossproofError {
  const output = lastLines.length === 0 ? '' : `\n  ${lastLines.join('\n  ')}`
  return new LossproofError('image-build', `image ${name} could not be built: ${reason}${output}`, {
    hint: `run the command again (finished layers are kept), or use your own image with --image ${name}=<image>`,
  })
}

/** The host's proxy settings, so that builds reach the network in the same way. */
function proxyArguments(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  return Object.fromEntries(names.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])))
}

export async function exists(docker: Dockerode, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect()
    return true
  } catch (error) {
    if (engineStatus(error) === 404) return false
    throw new LossproofError(
      'image-build',
      `the Docker engine failed to answer whether image ${reference} exists: ${messageOf(error)}`,
      { cause: error },
    )
  }
}
