/**
 * The verdict as Prometheus metrics, for a textfile collector or a push gateway. A count that is zero has no series: a
 * missing `lossproof_messages` of a cell that has `outcome="sent"` means zero.
 */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { noFacts } from './run-facts.ts'
import type { RunFacts } from './run-facts.ts'

interface Sample {
  labels: Record<string, string>
  value: number
}

interface Metric {
  name: string
  help: string
  samples: readonly Sample[]
}

interface CellMetric {
  name: string
  help: string
  /** Samples of one cell: the value, and the labels that come on top of the cell's own. */
  samples: (cell: CellVerdict) => readonly Sample[]
}

const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [{ labels: {}, value }])
const seconds = (ms: number | undefined): Sample[] => one(ms === undefined ? undefined : ms / 1000)

const cellMetrics: readonly CellMetric[] = [
  {
    name: 'lossproof_messages',
    help: 'Messages of the cell by outcome; zero where an outcome is missing. docs/outcomes.md defines the outcomes.',
    samples: ({ counts }) =>
      Object.entries(counts)
        .filter(([outcome, value]) => value > 0 || outcome === 'sent')
        .map(([outcome, value]) => ({ labels: { outcome }, value })),
  },
  {
    name: 'lossproof_cell_verdict',
    help: '1, with the verdict of the cell as a label.',
    samples: ({ verdict }) => [{ labels: { verdict }, value: 1 }],
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
    samples: ({ load }) => one(load.ackedPerSec),
  },
  {
    name: 'lossproof_cell_tries',
    help: 'How often the cell was run, where it was run again because it was inconclusive.',
    samples: ({ tries }) => one(tries?.length),
  },
]

export function prometheus(verdict: RunVerdict, facts: RunFacts = noFacts): string {
  const ofCells = cellMetrics.map(({ name, help, samples }): Metric => ({
    name,
    help,
    samples: verdict.cells.flatMap(cell =>
      samples(cell).map(({ labels, value }) => ({
        labels: { system: cell.system, scenario: cell.scenario, cell: cell.id, ...labels },
        value,
      })),
    ),
  }))
  return [...ofCells, ...runMetrics(verdict, facts)]
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, samples }) => [
      `# HELP ${name} ${help}\n`,
      `# TYPE ${name} gauge\n`,
      ...samples.map(({ labels, value }) => `${name}${labelled(labels)} ${value}\n`),
    ])
    .join('')
}

function runMetrics(
  { claims, run, seed, verdict }: RunVerdict,
  { started, tookMs, versions, trials }: RunFacts,
): Metric[] {
  return [
    {
      name: 'lossproof_claim_shown',
      help: 'Whether all cells of the claim held.',
      samples: claims.map(({ id, shown }) => ({ labels: { claim: id }, value: shown ? 1 : 0 })),
    },
    {
      name: 'lossproof_run_info',
      help: 'Name, seed and verdict of the run.',
      samples: [{ labels: { run, seed: String(seed), verdict }, value: 1 }],
    },
    {
      name: 'lossproof_version_info',
      help: 'What took part in the run, with its version.',
      samples: Object.entries(versions).map(([name, version]) => ({ labels: { name, version }, value: 1 })),
    },
    {
      name: 'lossproof_run_start_timestamp_seconds',
      help: 'When the run began, in seconds since 1970.',
      samples: one(started === undefined ? undefined : Date.parse(started) / 1000),
    },
    { name: 'lossproof_run_duration_seconds', help: 'How long the run took.', samples: seconds(tookMs) },
    {
      name: 'lossproof_trial_duration_seconds',
      help: 'How long the trial took.',
      samples: [...trials].map(([trial, { tookMs: ms }]) => ({ labels: { trial }, value: ms / 1000 })),
    },
  ]
}

function labelled(labels: Record<string, string>): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return texts.length === 0 ? '' : `{${texts.join(',')}}`
}

const escaped = (value: string): string =>
  value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
