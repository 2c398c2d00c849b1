/** docs/lies.md: every lie with the verdict that the checker gives while the page is made. */
import type { CellVerdict } from '../../../model/verdict.ts'
import { run } from './fake.ts'
import { lies, scriptOf, targetOf } from './lies.ts'
import type { Lie } from './lies.ts'

export function liesPage(): string {
  return `${[
    '# Lies',
    '',
    'Made from `harness/testing/lies/` by `npm run docs`. A test compares this page with what the checker says.',
    '',
    'How the checker itself is tested. Each line is a system in memory of which one part (broker, client, consumer, reader or',
    'the harness) misbehaves in one way, with the counts and the verdict that the checker gives. The honest twin is the same',
    'system without the lie. `refused`: the history contradicts itself, and an error names file and line instead of a verdict.',
    '',
    '| part | what it does | found | verdict | honest twin |',
    '|---|---|---|---|---|',
    ...lies.map(row),
    '',
    'Not found, because no outcome covers it: messages of a partition in another order than they were sent, with true offsets;',
    'an acknowledgement that names a wrong offset for a message that is stored.',
  ].join('\n')}\n`
}

function row(lie: Lie): string {
  const script = scriptOf(lie)
  const verdict = run(script, lie.lies(targetOf(script), script))
  const twin = run(script, {})
  const cells = [
    lie.part,
    lie.title,
    called(lie, verdict),
    typeof verdict === 'string' ? 'refused' : verdict.verdict,
    typeof twin === 'string' ? 'refused' : twin.verdict,
  ]
  return `| ${cells.join(' | ')} |`
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
