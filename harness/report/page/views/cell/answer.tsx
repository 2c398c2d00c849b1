/** The first lines of a cell's page: what was lost, why, which cell keeps it, what it cost, and where to read on. */
import type { CellPage, RunPage } from '../../../page-data/page-data.ts'
import { failureTexts } from '../../../words/counts.ts'
import { explainedRanges } from '../../../words/ranges.ts'
import { resultOf } from '../../../words/results.ts'
import { settingsText } from '../../../words/settings.ts'
import { causeHref, cellHref, claimHref } from '../../route.ts'
import { Words } from '../../parts/words.tsx'

interface Props {
  data: RunPage
  cell: CellPage
  /** All cells of the scenario. */
  neighbours: readonly CellPage[]
  /** The settings in which they differ. */
  varied: readonly string[]
}

export function Answer({ data, cell, neighbours, varied }: Props) {
  const { kept, cost, expected } = resultOf(cell)
  const detail = explainedRanges(cell)[0]?.cause
  return (
    <>
      <p class="answer first">
        <Sentence cell={cell} neighbours={neighbours} varied={varied} />
      </p>
      {detail !== undefined && (
        <p class="answer">
          <bdi>{detail.text}</bdi>
        </p>
      )}
      <dl class="three">
        <div>
          <dt>kept?</dt>
          <dd>{kept}</dd>
        </div>
        <div>
          <dt>cost</dt>
          <dd>{cost || 'none'}</dd>
        </div>
        <div>
          <dt>expected?</dt>
          <dd class={cell.verdict}>{expected}</dd>
        </div>
      </dl>
      <ReadOn data={data} cell={cell} />
    </>
  )
}

/** `Lost 52 of 143 acknowledged (truncated-after-election); acks=all kept every message under the same faults.` */
function Sentence({ cell, neighbours, varied }: Omit<Props, 'data'>) {
  const { kept, costShort } = resultOf(cell)
  const codes = [...new Set(explainedRanges(cell).map(({ cause }) => cause.code))]
  const broken = failureTexts(cell.counts).length > 0
  if (cell.verdict === 'inconclusive') return <>No verdict: {cell.reasons[0] ?? 'the history is not complete'}.</>
  if (!broken) return <>Kept every message{costShort === '' ? '' : `, at a cost: ${costShort}`}.</>
  const safe = nearestSafe(cell, neighbours, varied)
  return (
    <>
      {kept.charAt(0).toUpperCase() + kept.slice(1)}
      {codes.length > 0 && (
        <>
          {' ('}
          {codes.map((code, at) => (
            <>
              {at > 0 && ', '}
              <a href={causeHref(code)}>
                <bdi>{code}</bdi>
              </a>
            </>
          ))}
          {')'}
        </>
      )}
      {safe === undefined ? (
        '. No other cell of this scenario kept every message.'
      ) : (
        <>
          {'; '}
          <a href={cellHref(safe.id)}>
            <Words text={differingSettings(safe, cell, varied) || safe.id} />
          </a>{' '}
          kept every message under the same faults
          {resultOf(safe).costShort === '' ? '' : ` (cost: ${resultOf(safe).costShort})`}.
        </>
      )}
    </>
  )
}

function ReadOn({ data, cell }: Pick<Props, 'data' | 'cell'>) {
  const claims = data.claims.filter(({ cells }) => cells.includes(cell.id))
  if (claims.length === 0 && (cell.files ?? []).length === 0) return null
  return (
    <dl class="read-on">
      {claims.map(({ id, text }) => (
        <div key={id}>
          <dt>claim</dt>
          <dd>
            <a href={claimHref(id)}>
              <bdi>{text}</bdi>
            </a>
          </dd>
        </div>
      ))}
      {(cell.files ?? []).length > 0 && (
        <div>
          <dt>files</dt>
          <dd>
            {cell.files?.map(({ name, path }, at) => (
              <>
                {at > 0 && ', '}
                <a href={path}>{name}</a>
              </>
            ))}
          </dd>
        </div>
      )}
    </dl>
  )
}

/** The cell with the fewest other settings that kept everything; of several, the one that cost least. */
function nearestSafe(cell: CellPage, neighbours: readonly CellPage[], varied: readonly string[]): CellPage | undefined {
  const differences = (other: CellPage) => varied.filter(name => other.settings[name] !== cell.settings[name]).length
  const costs = (other: CellPage) => other.counts.stalled + other.counts.givenUp + other.counts.duplicates
  return neighbours
    .filter(({ verdict, counts }) => verdict === 'held' && failureTexts(counts).length === 0)
    .toSorted((a, b) => differences(a) - differences(b) || costs(a) - costs(b))[0]
}

function differingSettings(other: CellPage, cell: CellPage, varied: readonly string[]): string {
  const names = varied.filter(name => other.settings[name] !== cell.settings[name])
  return settingsText(other, names)
}
