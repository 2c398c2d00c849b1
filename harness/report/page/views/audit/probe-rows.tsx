/** A probe in the table of an audit, and the details that open below it. */
import type { AuditRow, Price } from '../../../../../model/audit.ts'
import {
  besidesTexts,
  changesText,
  fixOutcome,
  fixText,
  originTexts,
  outcomeText,
  toneOf,
  under,
  whyText,
} from '../../../audit/words.ts'
import type { Tone } from '../../../audit/words.ts'
import type { CellPage } from '../../../page-data/page-data.ts'
import type { Kind } from '../../../words/kinds.ts'
import { duration, number } from '../../../words/numbers.ts'
import { replayCommand } from '../../../words/replay-command.ts'
import { Command } from '../../parts/command.tsx'
import { cellHref } from '../../route.ts'
import { Icon } from '../../parts/verdict.tsx'
import { Words } from '../../parts/words.tsx'

/** Colours and icons of verdicts, which have no word for a loss that the user accepts. */
const kindOfTone: Record<Tone, Kind> = {
  bad: 'violated',
  open: 'inconclusive',
  accepted: 'expected-loss',
  kept: 'held',
}

interface Props {
  row: AuditRow
  cells: readonly CellPage[]
  /** The run that this page shows. A repeated probe can have its cells in another one. */
  run: string
}

export function ProbeRows({ row, cells, run }: Props) {
  const kind = kindOfTone[toneOf(row)]
  const beside = besidesTexts(row)
  return (
    <tbody>
      <tr>
        <th scope="row">{row.probe.title}</th>
        <td>
          <span class={`badge ${kind}`}>
            <Icon kind={kind} />
            {outcomeText(row)}
          </span>
          {beside.length > 0 && <div class="beside">{beside.join('; ')}</div>}
        </td>
        <Named label="why" text={whyText(row)} />
        <Named label="fix" text={fixText(row)} />
        <Named label="set in" text={originTexts(row).join(' and ')} />
      </tr>
      <tr class="more">
        <td colSpan={5}>
          <details>
            <summary>
              Details<span class="sr"> of {row.probe.title}</span>
            </summary>
            <Details row={row} cells={run === row.run ? cells : []} />
          </details>
        </td>
      </tr>
    </tbody>
  )
}

/** A cell of the table. On narrow screens the columns have no heads, so that each cell has its own. */
const Named = ({ label, text }: { label: string; text: string }) => (
  <td data-label={label} class={text === '' ? 'none' : undefined}>
    <Words text={text === '' ? '–' : text} />
  </td>
)

function Details({ row, cells }: { row: AuditRow; cells: readonly CellPage[] }) {
  const { probe, causes, reasons, tries, tried, run } = row
  return (
    <>
      <p>{probe.question}</p>
      {tries.made > 1 && (
        <p>
          Tried {tries.made} times; messages were lost or skipped in {tries.lost} of them.
        </p>
      )}
      {(causes.length > 0 || reasons.length > 0) && (
        <ul class="reasons">
          {causes.map(({ code, text }) => (
            <li key={code}>
              {text} <code>{code}</code>
            </li>
          ))}
          {reasons.map(reason => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <div class="scroll" role="region" tabIndex={0} aria-label={`Figures of ${probe.title}`}>
        <table class="list figures">
          <thead>
            <tr>
              <th scope="col">settings</th>
              <th scope="col">result</th>
              <th scope="col" class="right">
                acked/s
              </th>
              <th scope="col" class="right">
                median
              </th>
              <th scope="col" class="right">
                p99
              </th>
              <th scope="col" class="right">
                refused
              </th>
              <th scope="col" class="right">
                no service
              </th>
            </tr>
          </thead>
          <tbody>
            <Figures name="yours" cell={probe.cell} cells={cells} result={outcomeText(row)} price={row.price} />
            {tried.map(fix => (
              <Figures
                key={fix.cell}
                name={changesText(fix.settings)}
                cell={fix.cell}
                cells={cells}
                result={`${fixOutcome(fix, row)}, ${under(fix)}`}
                price={fix.price}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Command text={replayCommand(run)} />
    </>
  )
}

function Figures(props: { name: string; cell: string; cells: readonly CellPage[]; result: string; price: Price }) {
  const { name, cell, cells, result, price } = props
  const { load, recovery, refused } = price
  const exists = cells.some(({ id }) => id === cell)
  return (
    <tr>
      <th scope="row">
        {exists ? (
          <a href={cellHref(cell)}>
            <Words text={name} />
          </a>
        ) : (
          <Words text={name} />
        )}
      </th>
      <td class="words">{result}</td>
      <td class="right">{load.ackedPerSec === undefined ? '–' : number(load.ackedPerSec)}</td>
      <td class="right">{duration(load.ackMsP50)}</td>
      <td class="right">{duration(load.ackMsP99)}</td>
      <td class="right">{number(refused)}</td>
      <td class="right">{duration(recovery.unavailableMs)}</td>
    </tr>
  )
}
