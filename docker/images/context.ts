/** Build contexts: the files of an image's folder as a tar, and a hash of everything that decides its content. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { pack } from 'tar-stream'

export interface ContextFile {
  path: string
  content: Buffer
  mode: number
}

/** Certificates that this host was told to trust (behind a proxy that inspects TLS, builds need them too). */
const extraCertificates = '/usr/local/share/ca-certificates'

export function filesOf(image: string): ContextFile[] {
  return filesBelow(
    fileURLToPath(
      new URL(image === 'kafka' || image === 'rocketmq' ? `../../systems/${image}/image` : image, import.meta.url),
    ),
  )
}

/** The sources of our client processes in Java on one system's client, as `client/<package>/<class>.java`: the image of that system compiles them. */
export function javaClientFiles(system: 'kafka' | 'rocketmq'): ContextFile[] {
  return ['common', system].flatMap(part =>
    filesBelow(fileURLToPath(new URL(`../../workloads/clients/java/src/${part}`, import.meta.url)), 'client/'),
  )
}

function filesBelow(folder: string, prefix = ''): ContextFile[] {
  const names = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(found => found.isFile())
    .map(found => relative(folder, join(found.parentPath, found.name)))
  return names.toSorted().map(name => {
    const path = join(folder, name)
    return {
      path: prefix + name.replaceAll(sep, '/'),
      content: readFileSync(path),
      mode: isExecutable(path) ? 0o755 : 0o644,
    }
  })
}

export function certificateFiles(): ContextFile[] {
  const names = existsSync(extraCertificates)
    ? readdirSync(extraCertificates).filter(name => name.endsWith('.crt'))
    : []
  // COPY needs at least one file.
  const keep = { path: 'ca/README', content: Buffer.from('Certificates that the host trusts.\n'), mode: 0o644 }
  return [
    keep,
    ...names
      .toSorted()
      .map(name => ({ path: `ca/${name}`, content: readFileSync(join(extraCertificates, name)), mode: 0o644 })),
  ]
}

/** The same files and arguments give the same hash, whatever their dates. */
export function hashOf(files: readonly ContextFile[], buildArgs: Record<string, string>): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file.path}\0${file.mode}\0${file.content.length}\0`).update(file.content)
  for (const [key, value] of Object.entries(buildArgs).toSorted(([a], [b]) => a.localeCompare(b)))
    hash.update(`\0${key}=${value}`)
  return hash.digest('hex').slice(0, 12)
}

/** A tar of fixed dates, so that the engine's layer cache recognises it. */
export function tarOf(files: readonly ContextFile[]): Readable {
  const tar = pack()
  for (const file of files) tar.entry({ name: file.path, mode: file.mode, mtime: new Date(0) }, file.content)
  tar.finalize()
  return Readable.from(tar)
}

function isExecutable(path: string): boolean {
  return (statSync(path).mode & 0o100) !== 0
}
