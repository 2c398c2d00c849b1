/** Build contexts: the files of an image's folder as a tar, and a hash of everything that decides its content. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
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
  const folder = fileURLToPath(new URL(image, import.meta.url))
  return readdirSync(folder)
    .toSorted()
    .map(name => ({ path: name, content: readFileSync(join(folder, name)), mode: isExecutable(join(folder, name)) ? 0o755 : 0o644 }))
}

export function certificateFiles(): ContextFile[] {
  const names = existsSync(extraCertificates) ? readdirSync(extraCertificates).filter(name => name.endsWith('.crt')) : []
  // COPY needs at least one file.
  const keep = { path: 'ca/README', content: Buffer.from('Certificates that the host trusts.\n'), mode: 0o644 }
  return [keep, ...names.toSorted().map(name => ({ path: `ca/${name}`, content: readFileSync(join(extraCertificates, name)), mode: 0o644 }))]
}

/** The same files and arguments give the same hash, whatever their dates. */
export function hashOf(files: readonly ContextFile[], buildArgs: Record<string, string>): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file.path}\0${file.mode}\0${file.content.length}\0`).update(file.content)
  for (const [key, value] of Object.entries(buildArgs).toSorted(([a], [b]) => a.localeCompare(b))) hash.update(`\0${key}=${value}`)
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
