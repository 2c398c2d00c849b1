/** The result of a stress for the terminal: what was found, how simple it is, what was tried. */
import type { Finding, StressResult } from '../../../model/stress/stress.ts'
import { settingsWords } from '../../stress/finish/words.ts'
import { paragraph } from '../terminal/fold.ts'
import { plural } from '../words/numbers.ts'
import { systemLabel } from '../words/systems.ts'
import { count, coverageByFault, duration, headline, inconclusiveReasons, reliability } from './words.ts'

export interface StressTerminalOptions {
  colour: boolean
  /** The folder of the stress. */
  folder: string
  width?: number
}

const usualWidth = 110
const colours: Record<StressResult['verdict'], number> = { violated: 31, inconclusive: 33, held: 32 }

export function stressTerminal(
  result: StressResult,
  { colour, folder, width = usualWidth }: StressTerminalOptions,
): string {
  const painted = (code: number, text: string) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text)
  const { plan, findings, verdict, trials, refused } = result
  const lines = (text: string, indent = '  ') => paragraph(text, indent, width)
  const reasons = inconclusiveReasons(trials)
  const sections = [
    [painted(1, `Stress of ${systemLabel(plan.system)} ${plan.version}, client ${plan.client}, seed ${plan.seed}`)],
    ...findings.filter(({ kind }) => kind === 'broken').map(finding => findingLines(finding, folder, lines)),
    findings.some(({ kind }) => kind !== 'broken')
      ? [
          'Other things that went wrong:',
          ...findings
            .filter(({ kind }) => kind !== 'broken')
            .flatMap(({ trial, text, runs }) => lines(`#${trial} ${text}; ${folder}/${runs[0] ?? ''}`)),
        ]
      : [],
    [
      'Tried:',
      ...lines(
        `${plural(trials.length, 'schedule')}: ${count(trials, 'kept')} kept every message, ` +
          `${count(trials, 'near-miss')} only neighbours lost, ` +
          `${count(trials, 'broken')} broke a promise, ${count(trials, 'inconclusive')} inconclusive`,
      ),
      ...lines(
        `faults × roles: ${
          coverageByFault(result)
            .filter(({ covered }) => covered > 0)
            .map(({ fault, covered, of }) => `${fault} ${covered}/${of}`)
            .join(', ') || 'none'
        }`,
      ),
    ],
    reasons.length === 0
      ? []
      : ['Inconclusive because:', ...reasons.slice(0, 5).flatMap(({ reason, times }) => lines(`${times} × ${reason}`))],
    Object.keys(refused).length === 0
      ? []
      : [
          'Draws that the planner refused:',
          ...Object.entries(refused).flatMap(([reason, times]) => lines(`${times} × ${reason}`)),
        ],
    [...lines(headline(result), '').map(line => painted(colours[verdict], line)), `details: ${folder}/report.html`],
  ]
  return `${sections
    .filter(section => section.length > 0)
    .map(section => section.join('\n'))
    .join('\n\n')}\n`
}

function findingLines(finding: Finding, folder: string, lines: (text: string, indent?: string) => string[]): string[] {
  const { trial, cause, text, at, claim, shrunk, fix, tried, scenario } = finding
  return [
    `Found in trial ${trial} after ${duration(at)}: ${cause}`,
    ...lines(text),
    ...lines(`how often: ${reliability(finding)}`),
    ...(shrunk === undefined
      ? []
      : lines(
          `made simpler: ${shrunk.moves.filter(({ stays }) => stays).length} of ${plural(shrunk.moves.length, 'move')} stayed, ` +
            `${plural(shrunk.trials, 'trial')}, ${duration(shrunk.seconds)}` +
            (shrunk.stopped === undefined ? '' : `; stopped because ${shrunk.stopped}`),
        )),
    ...lines(claim),
    ...(fix === undefined
      ? tried.length === 0
        ? []
        : lines(`no fix was proved; tried: ${tried.map(triedText).join('; ')}`)
      : lines(`fix, proved: ${settingsWords(fix.settings)} kept all ${fix.acked} under the same schedule`)),
    ...(scenario === undefined ? [] : [`  lossproof run ${folder}/${scenario}`]),
  ]
}

const triedText = ({ settings, outcome, lost }: Finding['tried'][number]) =>
  `${settingsWords(settings)} ${outcome === 'lost' ? `lost ${lost}` : outcome}`
