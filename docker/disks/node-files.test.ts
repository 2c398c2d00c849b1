import type Dockerode from 'dockerode'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { readWritten, readWrittenByCommand } from './node-files.ts'

const pieceBytes = 65_536

/** A container whose engine returns an archive of one file, and the number of archive bytes that were read. */
async function containerWith(bytes: Buffer) {
  const packing = pack()
  packing.entry({ name: 'f', mtime: new Date(0) }, bytes)
  packing.finalize()
  const archive = await buffer(packing)
  let taken = 0
  function* pieces() {
    for (; taken < archive.length; taken += pieceBytes) yield archive.subarray(taken, taken + pieceBytes)
  }
  const container = {
    getArchive: async () => Promise.resolve(Readable.from(pieces())),
  } as unknown as Dockerode.Container
  return { container, taken: () => taken }
}

test('reading a file that ends in zeros stops there and reports the size', async () => {
  const written = Buffer.alloc(500_000, 7)
  const { container, taken } = await containerWith(Buffer.concat([written, Buffer.alloc(16_000_000)]))
  const read = await readWritten(container, '/f')
  expect(read?.size).toBe(16_500_000)
  expect(read?.bytes.subarray(0, written.length).equals(written)).toBe(true)
  expect(taken()).toBeLessThan(4_000_000)
})

test('a file with a short run of zeros in the middle is read to its end', async () => {
  const bytes = Buffer.concat([Buffer.alloc(10, 1), Buffer.alloc(100_000), Buffer.alloc(10, 2)])
  expect((await readWritten((await containerWith(bytes)).container, '/f'))?.bytes.equals(bytes)).toBe(true)
  expect((await readWritten((await containerWith(Buffer.alloc(0))).container, '/f'))?.bytes.length).toBe(0)
})

test('a missing file is undefined', async () => {
  const container = {
    getArchive: async () => Promise.reject(Object.assign(new Error('no such file'), { statusCode: 404 })),
  } as unknown as Dockerode.Container
  expect(await readWritten(container, '/f')).toBeUndefined()
})

test('a command reads several preallocated files at once', async () => {
  const root = mkdtempSync(join(tmpdir(), 'lossproof-files-'))
  mkdirSync(join(root, 'log'))
  const written = Buffer.alloc(300_000, 7)
  written[1000] = 0x0a
  writeFileSync(join(root, 'log', '0'), Buffer.concat([written, Buffer.alloc(2_000_000)]))
  writeFileSync(join(root, 'log', '1'), Buffer.alloc(1_000_000))
  writeFileSync(join(root, 'small'), 'x\n')
  const files = await readWrittenByCommand(localContainer(), root, ['log/*', 'small', 'none'])
  expect([...files].map(([path, { bytes, size }]) => [path, bytes.length, size])).toEqual([
    ['log/0', 524_288, 2_300_000],
    ['log/1', 0, 1_000_000],
    ['small', 2, 2],
  ])
  expect(files.get('log/0')?.bytes.subarray(0, written.length).equals(written)).toBe(true)
  expect(files.get('small')?.bytes.toString()).toBe('x\n')
  await expect(readWrittenByCommand(localContainer(), join(root, 'none'), ['log/*'])).rejects.toThrow(
    'could not be read',
  )
})

/** A container whose commands run on this machine. */
function localContainer(): Dockerode.Container {
  return {
    exec: async ({ Cmd: [file = '', ...args] = [] }: Dockerode.ExecCreateOptions) =>
      Promise.resolve({
        start: async () =>
          Promise.resolve(Readable.from(spawnSync(file, args, { maxBuffer: 1e8 }).stdout, { objectMode: false })),
      }),
    modem: {
      demuxStream: (stream: Readable, out: NodeJS.WritableStream) =>
        void stream.on('data', piece => void out.write(piece)),
    },
  } as unknown as Dockerode.Container
}
