/** The verdict as Prometheus metrics, for a textfile collector or a push gateway. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { verdicts } from '../../../model/verdict.ts'

interface Metric {
  name: string
  help: string
  /** Samples of one cell: the value, and the labels that come on top of the cell's own. */
  samples: (cell: CellVerdict) => { labels: Record<string, string>; value: number }[]
}

const seconds = (ms: number | undefined) => (ms === undefined ? [] : [{ labels: {}, value: ms / 1000 }])

const metrics: readonly Metric[] = [
  {
    name: 'lossproof_messages',
    help: 'Messages of the cell by outcome. docs/outcomes.md defines the outcomes.',
    samples: ({ counts }) => Object.entries(counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
  },
  {
    name: 'lossproof_cell_verdict',
    help: '1 for the verdict of the cell, 0 for the other verdicts.',
    samples: cell => verdicts.map(verdict => ({ labels: { verdict }, value: cell.verdict === verdict ? 1 : 0 })),
  },
  {
    name: 'lossproof_first_ack_seconds',
    help: 'Time from the fault to the first acknowledgement after it.',
    samples: ({ recovery }) => seconds(recovery.firstAckMs),
  },
  {
    name: 'lossproof_unavailable_seconds',
    help: 'The longest time without an acknowledgement after the first fault.',
    samples: ({ recovery }) => seconds(recovery.unavailableMs),
  },
  {
    name: 'lossproof_acked_per_second',
    help: 'Acknowledgements per second before the first fault.',
    samples: ({ load }) => (load.ackedPerSec === undefined ? [] : [{ labels: {}, value: load.ackedPerSec }]),
  },
]

export function prometheus(verdict: RunVerdict): string {
  const lines = metrics.flatMap(({ name, help, samples }) => {
    const rows = verdict.cells.flatMap(cell =>
      samples(cell).map(
        ({ labels, value }) =>
          `${name}${labelled({ system: cell.system, scenario: cell.scenario, cell: cell.id, ...labels })} ${value}`,
      ),
    )
    return rows.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...rows]
  })
  const claims = verdict.claims.map(
    ({ id, shown }) => `lossproof_claim_shown${labelled({ claim: id })} ${shown ? 1 : 0}`,
  )
  if (claims.length > 0)
    lines.push(
      '# HELP lossproof_claim_shown Whether all cells of the claim held.',
      '# TYPE lossproof_claim_shown gauge',
      ...claims,
    )
  lines.push(
    '# HELP lossproof_run_info Name, seed and verdict of the run.',
    '# TYPE lossproof_run_info gauge',
    `lossproof_run_info${labelled({ run: verdict.run, seed: String(verdict.seed), verdict: verdict.verdict })} 1`,
  )
  return `${lines.join('\n')}\n`
}

function labelled(labels: Record<string, string>): string {
  return `{${Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value
          .replaceAll('\\', String.raw`\\`)
          .replaceAll('"', String.raw`\"`)
          .replaceAll('\n', String.raw`\n`)}"`,
    )
    .join(',')}}`
}
