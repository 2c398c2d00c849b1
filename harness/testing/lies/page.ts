/** docs/lies.md: every lie with what the checker made of it, as it was run while the page was made. */
import type { CellVerdict } from '../../../model/verdict.ts'
import { run } from './fake.ts'
import { lies, scriptOf, targetOf } from './lies.ts'
import type { Lie } from './lies.ts'

export function liesPage(): string {
  return `${[
    '# Lies',
    '',
    'Made from `harness/check/lies/` by `npm run docs`; a test holds this page equal to what the checker says.',
    '',
    'A checker is believed when it has been lied to. Each line is a system in memory (broker, client, consumer, reader or the',
    'harness itself) that misbehaves in one way, and what the checker calls it. Its honest twin is the same system without the',
    'lie. `refused` means that the history is nonsense, which is told with file and line instead of a verdict.',
    '',
    '| part | what it does | called | verdict | honest twin |',
    '|---|---|---|---|---|',
    ...lies.map(row),
    '',
    'Not caught, because no outcome speaks of it: an order of messages within a partition that differs from the order of their',
    'sending, where every offset is told truly; an acknowledgement that names a wrong offset for a message that is stored.',
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

/** The counts that give it away, and the reason where there is more to say. */
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
