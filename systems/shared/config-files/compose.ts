/** Services of a docker-compose file, as the formats of the systems need them. */
import type { ConfigDocument, Leaf } from './types.ts'
import { withDefaults } from './placeholders.ts'
import { scalar } from './scalar.ts'

export interface ComposeService {
  name: string
  /** Line of the service's image, or of its first value. */
  line: number
  /** Name of the image without registry, tag and digest: `apache/kafka`; empty when the service is built from source. */
  image: string
  /** Tag of the image: `4.1.0`; empty when it has none. */
  tag: string
  /** How many containers `deploy.replicas` or `scale` asks for. */
  replicas: number
  environment: { name: string; leaf: Leaf }[]
  /** The command and its arguments, as one text. */
  command: string
  /** Files of the host that the service mounts. */
  mounts: { path: string; line: number }[]
}

const stackKeys = ['image', 'build', 'environment', 'command', 'ports', 'volumes', 'depends_on']

/** The services, in order; empty for a document that is not a compose file. */
export function composeServices(document: ConfigDocument): ComposeService[] {
  if (document.format === 'properties') return []
  const byName = Map.groupBy(
    document.leaves.filter(({ path }) => path[0] === 'services' && path.length > 2),
    ({ path }) => path[1] ?? '',
  )
  return [...byName].map(([name, leaves]) => serviceOf(name, leaves)).filter(service => service !== undefined)
}

function serviceOf(name: string, leaves: Leaf[]): ComposeService | undefined {
  if (!leaves.some(({ path }) => stackKeys.includes(path[2] ?? ''))) return undefined
  const below = (key: string) => leaves.filter(({ path }) => path[2] === key)
  const image = below('image')[0]
  const reference = String(withDefaults(image?.value ?? '', 'compose'))
  const replicas = leaves.find(({ path }) => ['deploy.replicas', 'scale'].includes(path.slice(2).join('.')))
  return {
    name,
    line: image?.line ?? leaves[0]?.line ?? 1,
    image: imageName(reference),
    tag: /:(?<tag>[^/:@]+)(?:@|$)/.exec(reference)?.groups?.['tag'] ?? '',
    replicas: typeof replicas?.value === 'number' ? replicas.value : 1,
    environment: below('environment').flatMap(leaf => variableOf(leaf) ?? []),
    command: [...below('entrypoint'), ...below('command')].map(({ value }) => String(value)).join(' '),
    mounts: below('volumes').flatMap(mountOf),
  }
}

/** `environment` is a map, or a list of `NAME=value`. A list item without `=` takes its value from the host. */
function variableOf(leaf: Leaf): { name: string; leaf: Leaf } | undefined {
  const key = leaf.path[3] ?? ''
  if (!/^\d+$/.test(key)) return { name: key, leaf: { ...leaf, value: resolved(leaf.value) } }
  const text = String(leaf.value)
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  return {
    name: name.trim(),
    leaf: { ...leaf, value: at < 0 ? `\${${name}}` : resolved(unquoted(text.slice(at + 1))) },
  }
}

function resolved(value: Leaf['value']): Leaf['value'] {
  const text = withDefaults(value, 'compose')
  return typeof text === 'string' ? scalar(text) : text
}

const unquoted = (text: string) => /^(["'])(?<inner>.*)\1$/.exec(text.trim())?.groups?.['inner'] ?? text

/** `./broker.conf:/opt/broker.conf:ro`, or the key `source` of the long form. Named volumes have no slash. */
function mountOf({ path, value, line }: Leaf): { path: string; line: number }[] {
  const text = String(value)
  const source = path[4] === 'source' ? text : path.length === 4 ? (text.split(':')[0] ?? '') : ''
  return source.includes('/') ? [{ path: source, line }] : []
}

/** `docker.io/apache/kafka:4.1.0@sha256:…` → `apache/kafka`. */
export function imageName(image: string): string {
  const [withoutDigest = ''] = image.split('@')
  const withoutTag = withoutDigest.replace(/:[^/:]*$/, '')
  const parts = withoutTag.split('/')
  return (parts.length > 2 || (parts.length === 2 && /[.:]/.test(parts[0] ?? '')) ? parts.slice(1) : parts).join('/')
}
