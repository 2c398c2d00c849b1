import { expect, test } from 'vitest'
import type { RunVerdict } from '../../../model/verdict.ts'
import { sampleRun } from '../../testing/report/sample.ts'
import { kafkaPair } from '../../testing/report/scenarios.ts'
import { junit } from '../formats/junit.ts'
import { markdown } from '../formats/markdown.ts'
import { runPage } from '../page-data/run-page.ts'
import { terminal } from '../terminal/terminal.ts'

const sample = sampleRun(kafkaPair)
const verdict: RunVerdict = {
  ...sample.verdict,
  verdict: 'violated',
  cells: sample.verdict.cells.map((cell, at) =>
    at > 0
      ? cell
      : {
          ...cell,
          verdict: 'violated',
          counts: { ...cell.counts, unsent: 3 },
          expect: [{ what: 'unsent', expected: '0', actual: 3, ok: false }],
          skipped: [
            { p: 0, from: 9, to: 9, count: 1, cause: { code: 'jumped', text: 'a sentence about skipped ones' } },
          ],
          unsent: [
            { p: 0, from: 4, to: 6, count: 3, cause: { code: 'error-unseen', text: 'a sentence about unsent ones' } },
          ],
        },
  ),
}

test('every report says why messages were skipped or not sent', () => {
  const reports = {
    markdown: markdown(verdict),
    junit: junit(verdict),
    terminal: terminal(verdict, { colour: false, folder: 'results/x', phases: {} }),
    page: JSON.stringify(runPage({ ...sample, verdict })),
  }
  for (const [name, text] of Object.entries(reports)) {
    expect(text, name).toContain('a sentence about skipped ones')
    expect(text, name).toContain('a sentence about unsent ones')
  }
})

test('a page names and counts the unsent messages for which it has no room', () => {
  const range = { p: 0, count: 1, cause: { code: 'error-unseen', text: 'it met an error' } }
  const unsent = Array.from({ length: 5000 }, (_, s) => ({ ...range, from: s, to: s }))
  const page = runPage({ ...sample, verdict: { ...verdict, cells: verdict.cells.map(cell => ({ ...cell, unsent })) } })
  const kept = page.cells[0]?.unsent?.length ?? 0
  expect(kept).toBeLessThan(5000)
  expect(page.cells[0]?.more).toEqual({ ranges: 5000 - kept, messages: 5000 - kept })
  expect(Object.keys(page.causes ?? {})).toContain('error-unseen')
})
