import type Dockerode from 'dockerode'
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { openFiles } from './open-files.ts'

/** A container whose commands run on this machine. */
const localContainer = {
  exec: async ({ Cmd: [file = '', ...args] = [] }: Dockerode.ExecCreateOptions) =>
    Promise.resolve({
      start: async () => Promise.resolve(Readable.from([execFileSync(file, args)])),
      inspect: async () => Promise.resolve({ ExitCode: 0 }),
    }),
  modem: {
    demuxStream: (stream: Readable, out: NodeJS.WritableStream) =>
      void stream.on('data', piece => void out.write(piece)),
  },
} as unknown as Dockerode.Container

test('files open for writing are listed by the disk on which they lie; files open for reading are not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-open-'))
  const [written, read] = ['written.log', 'read.log'].map(name => join(folder, name)) as [string, string]
  const descriptors = [openSync(written, 'w'), openSync(read, 'w')]
  closeSync(descriptors[1] ?? -1)
  descriptors[1] = openSync(read, 'r')
  try {
    const here = await openFiles(localContainer, folder)
    expect(here.onDisk).toContain(written)
    expect([...here.onDisk, ...here.elsewhere]).not.toContain(read)
    expect((await openFiles(localContainer, '/proc')).elsewhere).toContain(written)
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor)
  }
})
