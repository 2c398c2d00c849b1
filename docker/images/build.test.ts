import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { readBuildOutput } from './build.ts'
import { filesOf, hashOf } from './context.ts'

test('the hash depends on content, mode and arguments, not on their order', () => {
  const file = { path: 'Dockerfile', content: Buffer.from('FROM x'), mode: 0o644 }
  expect(hashOf([file], { A: '1', B: '2' })).toBe(hashOf([file], { B: '2', A: '1' }))
  expect(hashOf([file], { A: '1' })).not.toBe(hashOf([file], { A: '2' }))
  expect(hashOf([{ ...file, mode: 0o755 }], {})).not.toBe(hashOf([file], {}))
})

test('a build context has the files of the folder and of the sources, without the definition itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-context-'))
  for (const name of ['Dockerfile', 'definition.d.ts', 'definition.js', 'definition.ts', 'run'])
    writeFileSync(join(folder, name), name)
  const sources = mkdtempSync(join(tmpdir(), 'lossproof-context-'))
  writeFileSync(join(sources, 'Main.java'), 'class Main {}')
  const url = (path: string) => pathToFileURL(`${path}/`)
  const files = filesOf({ folder: url(folder), sources: [{ folder: url(sources), path: 'client/' }] })
  expect(files.map(({ path }) => path)).toEqual(['Dockerfile', 'run', 'client/Main.java'])
})

test("an error in the build's output fails the build with the last lines, wherever the stream is split", async () => {
  const text = '{"stream":"Step 1\\n"}\n{"stream":"doing\\n"}\n{"errorDetail":{},"error":"it broke"}\n'
  const pieces = Readable.from([text.slice(0, 7), text.slice(7, 40), text.slice(40)])
  await expect(readBuildOutput(pieces, 'toxiproxy', () => {})).rejects.toThrow(
    /image toxiproxy could not be built: it broke\n {2}Step 1\n {2}doing/,
  )
})
