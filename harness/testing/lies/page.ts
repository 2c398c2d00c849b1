/** docs/lies.md: every lie with the verdict that the checker gives while the page is made. */
import type { CellVerdict } from '../../../model/verdict.ts'
import { fillTemplate, table } from '../../report/docs/template.ts'
import { run } from './fake.ts'
import { scriptOf, targetOf } from './lie.ts'
import { lies } from './lies.ts'
import type { Lie } from './lie.ts'

export function liesPage(template: string): string {
  return fillTemplate(template, {
    lies: table(['part', 'what it does', 'found', 'verdict', 'honest twin'], lies.map(row)),
  })
}

function row(lie: Lie): string[] {
  const script = scriptOf(lie)
  const verdict = run(script, lie.lies(targetOf(script), script))
  const twin = run(script, {})
  return [
    lie.part,
    lie.title,
    called(lie, verdict),
    typeof verdict === 'string' ? 'refused' : verdict.verdict,
    typeof twin === 'string' ? 'refused' : twin.verdict,
  ]
}

const placeWords = { head: 'at the head', middle: 'in the middle', tail: 'at the tail', all: 'all of them' } as const

/** The counts that reveal the lie, and the reason of the verdict where it says more. */
function called(lie: Lie, verdict: CellVerdict | string): string {
  if (typeof verdict === 'string') return verdict
  const names = Object.entries(lie.caught.counts ?? {}).filter(([name, count]) => count > 0 && name !== 'stored')
  const counts = Object.entries(verdict.counts)
    .filter(([name]) => names.some(([one]) => one === name))
    .map(([name, count]) => `\`${name}\` ${count}`)
  const [range, ...more] = verdict.lost
  const places = range && more.length === 0 ? [placeWords[range.place]] : []
  const reason = verdict.reasons.find(text => lie.caught.says !== undefined && text.includes(lie.caught.says))
  return [...counts, ...places, ...(reason === undefined ? [] : [reason])].join(', ')
}
