/** Ranges of lost, skipped and unsent messages with their causes. */
import type { CellPage } from '../../../page-data/page-data.ts'
import { number, plural } from '../../../words/numbers.ts'
import { explainedRanges } from '../../../words/ranges.ts'

export function Autopsy({ cell }: { cell: CellPage }) {
  const ranges = explainedRanges(cell)
  if (ranges.length === 0) return null
  const several = new Set(ranges.map(({ p }) => p)).size > 1
  return (
    <section aria-labelledby="autopsy">
      <h2 id="autopsy">Autopsy</h2>
      <ol class="autopsy">
        {ranges.map(({ p, from, to, count, place, cause, word }, at) => (
          <li key={at}>
            <p class="muted">
              <strong>{from === to ? `Message ${from}` : `Messages ${from}–${to}`}</strong>
              {several && ` of partition ${p}`}: {number(count)} {word}
              {place === undefined ? '' : ` (${place})`} <code>{cause.code}</code>
            </p>
            <p>{cause.text}</p>
          </li>
        ))}
      </ol>
      {cell.more.ranges > 0 && (
        <p class="muted">
          {plural(cell.more.ranges, 'smaller range')} with {plural(cell.more.messages, 'message')} are not shown here.
          verdict.json has all of them.
        </p>
      )}
    </section>
  )
}
