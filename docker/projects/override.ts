/**
 * A second compose file that is laid over the user's own: it labels all that the project creates, so that it is found and
 * removed, and adds variables to services. Pure.
 */
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { LossproofError } from '../../model/errors.ts'
import type { Labels } from '../engine/labels.ts'

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** A service, as far as its start matters here. */
const Service = z.looseObject({
  build: z.unknown().optional(),
  network_mode: z.string().optional(),
  environment: z.union([z.record(z.string(), Scalar), z.array(Scalar)]).nullish(),
})
const Declared = z.looseObject({ external: z.unknown().optional(), name: z.string().optional() }).nullish()

const ComposeFile = z.looseObject({
  version: z.union([z.string(), z.number()]).optional(),
  include: z.unknown().optional(),
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), Declared).nullish(),
  volumes: z.record(z.string(), Declared).nullish(),
})
export type ComposeFile = z.infer<typeof ComposeFile>

/** Throws LossproofError('usage') that names the file, when it cannot be started without harm or remains. */
export function startableFile(file: string, text: string): ComposeFile {
  const parsed = ComposeFile.safeParse(parse(text, { merge: true }))
  if (!parsed.success)
    throw new LossproofError('usage', `${file}: no docker-compose file: ${z.prettifyError(parsed.error)}`)
  const refuse = (why: string) => {
    throw new LossproofError('usage', `${file}: ${why}`, {
      hint: 'start the project yourself, and add attach: true to the cluster',
    })
  }
  const { include, services, volumes } = parsed.data
  if (include !== undefined) refuse('a project with include is not started by Lossproof')
  for (const [name, service] of Object.entries(services)) {
    if (service.build !== undefined)
      refuse(`the service "${name}" is built from source, and its image would stay; name an image instead of build`)
    if (service['extends'] !== undefined)
      refuse(`the service "${name}" extends another, which Lossproof does not follow`)
  }
  for (const [name, volume] of Object.entries(volumes ?? {}))
    if (volume?.name !== undefined || isExternal(volume))
      refuse(`the volume "${name}" has a name of its own, so a test would write into data of yours`)
  return parsed.data
}

/** The text of the second file. `variables`: by service. */
export function overrideOf(
  { version, services, networks, volumes }: ComposeFile,
  labels: Labels,
  variables: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): string {
  const labelled = (declared: Readonly<Record<string, z.infer<typeof Declared>>>) =>
    Object.fromEntries(
      Object.entries(declared)
        .filter(([, one]) => !isExternal(one))
        .map(([name]) => [name, { labels }]),
    )
  return stringify({
    ...(version === undefined ? {} : { version: String(version) }),
    services: Object.fromEntries(
      Object.keys(services).map(name => {
        const environment = variables[name]
        return [name, { labels, ...(environment === undefined ? {} : { environment }) }]
      }),
    ),
    networks: labelled({ default: {}, ...networks }),
    volumes: labelled(volumes ?? {}),
  })
}

/** Variables of a service as the file has them, with their placeholders. One without a value is left out. */
export function variablesOf({ services }: ComposeFile, service: string): Record<string, string> {
  const environment = services[service]?.environment ?? {}
  const pairs = Array.isArray(environment)
    ? environment.map(item => {
        const text = String(item)
        const at = text.indexOf('=')
        return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
      })
    : Object.entries(environment)
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (value === undefined || value === null ? [] : [[String(name), String(value)]])),
  )
}

const isExternal = (declared: z.infer<typeof Declared>): boolean =>
  declared?.external !== undefined && declared.external !== false
