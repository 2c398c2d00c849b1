import { expect, test } from 'vitest'
import { sampleRun } from '../../testing/report/sample.ts'
import { kafka64, kafkaPair } from '../../testing/report/scenarios.ts'
import { listText } from './list.ts'
import { trialLine } from './trial-line.ts'

test('a trial of few cells says what became of each', () => {
  const { cells } = sampleRun(kafkaPair, {
    fate: (cell, s) => ({ acked: true, stored: cell.settings['producer.acks'] !== 1 || s < 150 }),
    expect: () => ({ lost: 0 }),
  }).verdict
  expect(trialLine(cells)).toBe('acks=1: lost 50, not expected (VIOLATED); acks=all: kept all')
})

test('a trial of many cells says how many held and names the others', () => {
  const { cells } = sampleRun(kafka64, { messages: 20 }).verdict
  const [first] = cells
  if (!first) throw new Error('no cell')
  const all = [
    { ...first, verdict: 'violated' as const },
    ...cells.slice(1).map(cell => ({ ...cell, verdict: 'held' as const })),
  ]
  expect(trialLine(all)).toBe(`64 cells: 63 held, 1 violated; not held: ${first.id}`)
})

test('scenarios are listed with their claims, or with what they are about, within the width', () => {
  const claim = { id: 'c', text: 'long words '.repeat(20).trim() }
  const text = listText(
    [
      { name: 'claims/a', system: 'x', about: '', claims: [claim] },
      { name: 'claims/b', system: 'x', about: '', claims: [claim] },
      { name: 'c', system: 'x', about: 'About this one.', claims: [] },
    ],
    60,
  )
  expect(text).toMatch(/^claims\/a\n {4}long words/)
  expect(text).toContain('c\n    About this one.\n')
  expect(text).toContain('3 scenarios with 1 claim.')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
})
