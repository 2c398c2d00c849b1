import type Dockerode from 'dockerode'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { readWritten } from './node-files.ts'

const pieceBytes = 65_536

/** A container whose engine hands out an archive of one file, piece by piece, and how much of it was taken. */
async function holding(bytes: Buffer) {
  const packing = pack()
  packing.entry({ name: 'f', mtime: new Date(0) }, bytes)
  packing.finalize()
  const archive = await buffer(packing)
  let taken = 0
  function* pieces() {
    for (; taken < archive.length; taken += pieceBytes) yield archive.subarray(taken, taken + pieceBytes)
  }
  const container = { getArchive: async () => Promise.resolve(Readable.from(pieces())) } as unknown as Dockerode.Container
  return { container, taken: () => taken }
}

test('of a file that ends in zeros its beginning is read, and how large it is', async () => {
  const written = Buffer.alloc(500_000, 7)
  const { container, taken } = await holding(Buffer.concat([written, Buffer.alloc(16_000_000)]))
  const read = await readWritten(container, '/f')
  expect(read?.size).toBe(16_500_000)
  expect(read?.bytes.subarray(0, written.length).equals(written)).toBe(true)
  expect(taken()).toBeLessThan(4_000_000)
})

test('a file with zeros between is read in whole, unless they are very many', async () => {
  const bytes = Buffer.concat([Buffer.alloc(10, 1), Buffer.alloc(100_000), Buffer.alloc(10, 2)])
  expect((await readWritten((await holding(bytes)).container, '/f'))?.bytes.equals(bytes)).toBe(true)
  expect((await readWritten((await holding(Buffer.alloc(0))).container, '/f'))?.bytes.length).toBe(0)
})

test('one that is not there', async () => {
  const container = { getArchive: async () => Promise.reject(Object.assign(new Error('no such file'), { statusCode: 404 })) } as unknown as Dockerode.Container
  expect(await readWritten(container, '/f')).toBeUndefined()
})
