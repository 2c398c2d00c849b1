/** One cause: what it means, what the history had to show, what it had to rule out, and the cells of this run that have it. */
import { notEstablished } from '../../../../model/causes.ts'
import type { RunPage } from '../../page-data/page-data.ts'
import { plural } from '../../words/numbers.ts'
import { explainedRanges } from '../../words/ranges.ts'
import { resultOf } from '../../words/results.ts'
import { cellHref } from '../route.ts'
import { Words } from '../parts/words.tsx'

export function Cause({ data, code }: { data: RunPage; code: string }) {
  const found = data.causes?.[code]
  const cells = data.cells.filter(cell => explainedRanges(cell).some(({ cause }) => cause.code === code))
  return (
    <article>
      <h1 tabIndex={-1}>
        Cause: <bdi>{code}</bdi>
      </h1>
      {code === notEstablished ? (
        <p class="answer first">The evidence does not suffice to name a cause. Each cell says what is missing.</p>
      ) : found === undefined ? (
        <p class="notice">This version of Lossproof has no description of the cause “{code}”.</p>
      ) : (
        <>
          <p class="answer first">{found.meaning}</p>
          <h2>What the history shows</h2>
          <p class="answer">{found.established}</p>
          {found.excluded.length > 0 && (
            <>
              <h2>What it rules out</h2>
              <ul>
                {found.excluded.map(text => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      <h2>{plural(cells.length, 'cell')} of this run</h2>
      <ul class="plain">
        {cells.map(cell => (
          <li key={cell.id}>
            <a href={cellHref(cell.id)}>
              <Words text={cell.id} />
            </a>{' '}
            <span class="muted">{resultOf(cell).headline}</span>
          </li>
        ))}
      </ul>
    </article>
  )
}
