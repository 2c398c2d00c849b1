import { expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { adviceSubjects, publishedVerdicts } from '../../cli/reporting/published.ts'
import { loadScenarios } from '../../cli/options/scenarios.ts'
import { advicePage, shownAdvice } from './advice.ts'

const published = publishedVerdicts()
const [kafka] = published
const advice = { way: 'w', keep: 'k', claim: 'kafka/acks' }
const [unsafe, safe] = ['producer.acks=1,topic.min.insync.replicas=2', 'producer.acks=all,topic.min.insync.replicas=2']

test('all advice names a claim of the scenarios, and most of it is shown by the published runs', () => {
  const claims = loadScenarios(['claims']).flatMap(({ scenario: { claim } }) =>
    typeof claim === 'object' ? [claim.id] : [],
  )
  const all = adviceSubjects().flatMap(subject => subject.advice)
  expect(all.filter(({ claim }) => !claims.includes(claim))).toEqual([])
  const missing = all.filter(one => shownAdvice(published, [one]).length === 0)
  const publishedClaims = published.flatMap(run => run.claims.filter(({ shown }) => shown).map(({ id }) => id))
  expect(missing.filter(({ claim }) => publishedClaims.includes(claim))).toEqual([])
})

test('docs/advice.md agrees with the published runs: run npm run docs', () => {
  expect(readFileSync(new URL('../../../docs/advice.md', import.meta.url), 'utf8')).toBe(
    advicePage(published, adviceSubjects()),
  )
})

test('a price compares the unsafe setting with the safe one', () => {
  const page = advicePage(published, [{ subject: 'S', advice: [{ ...advice, unsafe, safe }] }])
  expect(page).toContain('## S')
  const [system, way, harm, keep, price, claim] = page.trim().split('\n').at(-1)?.split(' | ') ?? []
  expect([system, way, keep]).toEqual(['| Kafka', 'w', 'k'])
  expect(harm).toMatch(/^lost \d+ of [\d,]+ acknowledged$/)
  expect(price).toMatch(/acknowledged in [\d.]+ ms → [\d.]+ ms/)
  expect(claim).toBe('[acks](claims.md#kafka-acks) |')
})

test('advice whose cells did not hold, or whose claim is not shown, is left out', () => {
  if (kafka === undefined) throw new Error('no published run')
  const held = [{ ...advice, unsafe, safe }]
  const bad = (change: 'cells' | 'claims') => ({
    ...kafka,
    cells: kafka.cells.map(cell => (change === 'cells' ? { ...cell, verdict: 'inconclusive' as const } : cell)),
    claims: kafka.claims.map(claim => (change === 'claims' ? { ...claim, shown: false } : claim)),
  })
  expect(shownAdvice([kafka], held)).toHaveLength(1)
  expect(shownAdvice([bad('cells')], held)).toEqual([])
  expect(shownAdvice([bad('claims')], held)).toEqual([])
  expect(advicePage([bad('claims')], [{ subject: 'S', advice: held }])).not.toContain('## S')
})

test('advice that its own cells contradict is an error', () => {
  expect(() => shownAdvice(published, [{ ...advice, unsafe: safe, safe }])).toThrow('lost nothing')
  expect(() => shownAdvice(published, [{ ...advice, unsafe, safe: unsafe }])).toThrow('lost 52')
})
