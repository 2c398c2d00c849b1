/** Build contexts: the files that a build sends to the engine, as a tar, and a hash of them. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { pack } from 'tar-stream'
import type { ImageDefinition } from './definition.ts'

export interface ContextFile {
  path: string
  content: Buffer
  mode: number
}

/** Extra certificates that this host trusts. Behind a proxy that inspects TLS, builds need them as well. */
const extraCertificates = '/usr/local/share/ca-certificates'

/** All files of the definition's build context. Lossproof's own modules in the same folder are left out. */
export function filesOf({ folder, sources = [] }: Pick<ImageDefinition, 'folder' | 'sources'>): ContextFile[] {
  return [...filesBelow(folder), ...sources.flatMap(source => filesBelow(source.folder, source.path))]
}

function filesBelow(url: URL, prefix = ''): ContextFile[] {
  const folder = fileURLToPath(url)
  const names = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(found => found.isFile() && !/\.[jt]s$/.test(found.name))
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

/** The host's extra certificates below `ca/`. A README is always among them, because COPY fails without any file. */
export function certificateFiles(): ContextFile[] {
  const names = existsSync(extraCertificates)
    ? readdirSync(extraCertificates).filter(name => name.endsWith('.crt'))
    : []
  const readme = { path: 'ca/README', content: Buffer.from('Certificates that the host trusts.\n'), mode: 0o644 }
  return [
    readme,
    ...names
      .toSorted()
      .map(name => ({ path: `ca/${name}`, content: readFileSync(join(extraCertificates, name)), mode: 0o644 })),
  ]
}

/** Twelve hexadecimal digits that depend on paths, contents, modes and build arguments, and not on file dates. */
export function hashOf(files: readonly ContextFile[], buildArgs: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file.path}\0${file.mode}\0${file.content.length}\0`).update(file.content)
  for (const [key, value] of Object.entries(buildArgs).toSorted(([a], [b]) => a.localeCompare(b)))
    hash.update(`\0${key}=${value}`)
  return hash.digest('hex').slice(0, 12)
}

/** All dates in the tar are equal, so that the engine's layer cache recognises unchanged files. */
export function tarOf(files: readonly ContextFile[]): Readable {
  const tar = pack()
  for (const file of files) tar.entry({ name: file.path, mode: file.mode, mtime: new Date(0) }, file.content)
  tar.finalize()
  return Readable.from(tar)
}

function isExecutable(path: string): boolean {
  return (statSync(path).mode & 0o100) !== 0
}
