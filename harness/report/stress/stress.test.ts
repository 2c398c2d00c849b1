import { expect, test } from 'vitest'
import { stressJunit } from './junit.ts'
import { stressMarkdown } from './markdown.ts'
import { stressTerminal } from './terminal.ts'
import { sampleStress } from './testing/sample.ts'
import { coverageStrip, coverageText, coveredPairs, duration } from './words.ts'

const found = sampleStress('kafka')
const held = sampleStress('kafka', { findings: [], trials: found.trials.slice(0, 1), verdict: 'held' })

test('coverage counts what conclusive trials had, and shows each fault as one character', () => {
  expect([...coveredPairs(found)]).toEqual([
    ['cut-replication leader', 3],
    ['crash leader', 3],
  ])
  expect(coverageText(found)).toBe('2 of 3 faults × roles')
  expect(coverageStrip(found)).toBe('▄█')
  expect(coverageStrip({ ...found, trials: [] })).toBe('··')
})

test('the terminal shows the finding with its scenario and fix, what else went wrong, and what said nothing', () => {
  const text = stressTerminal(found, { colour: false, folder: 'results/x', width: 200 })
  expect(text).toContain('Found in trial 3 after 1 min 30 s: truncated-after-election')
  expect(text).toContain('how often: 2 of 2 runs of the same schedule')
  expect(text).toContain('made simpler: 1 of 2 moves stayed, 6 trials, 2 min 10 s')
  expect(text).toContain('fix, proved: producer.acks=all kept all 140 under the same schedule')
  expect(text).toContain('lossproof run results/x/finding-3.yaml')
  expect(text).toContain('#2 the cluster did not recover')
  expect(text).toContain('1 × waited n s for: ISR=…')
  expect(text).toContain('2 × the step does nothing')
})

test('a stress that found nothing does not claim that there is nothing', () => {
  const text = stressTerminal(held, { colour: false, folder: 'results/x' })
  expect(text).toContain('No promise was broken: 1 schedule')
  expect(text).toContain('does not prove')
})

test('Markdown begins with the verdict and the finding', () => {
  const lines = stressMarkdown(found).split('\n')
  expect(lines[0]).toBe('# Lossproof stress: Kafka 1.0')
  expect(lines[2]).toContain('❌ A promise was broken after 1 min 30 s')
  expect(stressMarkdown(held)).toContain('✅')
})

test('JUnit has a failure for each finding, an error for what else went wrong, and passes when the promises held', () => {
  expect(stressJunit(found)).toContain('tests="2" failures="1" errors="1"')
  expect(stressJunit(held)).toContain('tests="1" failures="0" errors="0"')
  expect(stressJunit(sampleStress('kafka', { findings: [], verdict: 'inconclusive' }))).toContain('errors="1"')
})

test('durations have minutes', () => {
  expect([5, 60, 95].map(duration)).toEqual(['5 s', '1 min', '1 min 35 s'])
})
