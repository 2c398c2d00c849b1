/** The result of a stress as JUnit XML: one case for the promises, and one for each thing that went wrong otherwise. */
import type { Finding, StressResult } from '../../../model/stress/stress.ts'
import { junitText } from '../formats/junit-text.ts'
import type { JunitCase } from '../formats/junit-text.ts'
import { headline, outcomeWords, reliability } from './words.ts'

export function stressJunit(result: StressResult): string {
  const { plan, findings, verdict } = result
  const classname = `stress.${plan.system}`
  const broken = findings.filter(({ kind }) => kind === 'broken')
  const cases: JunitCase[] = [
    ...broken.map((finding): JunitCase => ({
      classname,
      name: `no loss: ${finding.cause}`,
      result: { kind: 'failure', message: finding.claim, text: textOf(finding) },
    })),
    ...findings
      .filter(({ kind }) => kind !== 'broken')
      .map((finding): JunitCase => ({
        classname,
        name: `trial ${finding.trial}`,
        result: { kind: 'error', message: outcomeWords[finding.kind], text: textOf(finding) },
      })),
    ...(broken.length > 0
      ? []
      : [{ classname, name: 'no loss under random schedules', result: held(verdict, headline(result)) }]),
  ]
  return junitText([{ name: `stress of ${plan.system}`, cases }])
}

const held = (verdict: StressResult['verdict'], text: string): JunitCase['result'] =>
  verdict === 'held' ? { kind: 'passed' } : { kind: 'error', message: 'inconclusive', text }

const textOf = (finding: Finding): string =>
  [
    finding.text,
    reliability(finding),
    ...finding.runs,
    ...(finding.scenario === undefined ? [] : [`lossproof run ${finding.scenario}`]),
  ].join('\n')
