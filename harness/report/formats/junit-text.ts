/** JUnit XML as CI servers read it: suites of cases. */

/** `text` of a passed case becomes its output. */
export type CaseResult =
  { kind: 'passed'; text?: string } | { kind: 'failure' | 'error' | 'skipped'; message: string; text: string }

export interface JunitCase {
  classname: string
  name: string
  timeMs?: number
  properties?: Readonly<Record<string, string>>
  result: CaseResult
}

export interface JunitSuite {
  name: string
  /** ISO 8601, UTC. */
  started?: string
  properties?: Readonly<Record<string, string>>
  cases: readonly JunitCase[]
}

export function junitText(suites: readonly JunitSuite[]): string {
  const cases = suites.flatMap(suite => suite.cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="lossproof" ${totals(cases, false)}${timeOf(cases)}>\n`,
    ...suites.map(suiteText),
    '</testsuites>\n',
  ].join('')
}

function suiteText({ name, started, properties, cases }: JunitSuite): string {
  // The type of the attribute has no time zone; by convention it is UTC.
  const timestamp = started === undefined ? '' : ` timestamp="${xml(started.slice(0, 19))}"`
  return (
    `  <testsuite name="${xml(name)}" ${totals(cases, true)}${timeOf(cases)}${timestamp}>\n` +
    `${propertiesText(properties, '    ')}${cases.map(caseText).join('')}  </testsuite>\n`
  )
}

function caseText({ classname, name, timeMs, properties, result }: JunitCase): string {
  const time = timeMs === undefined ? '' : ` time="${inSeconds(timeMs)}"`
  const head = `    <testcase classname="${xml(classname)}" name="${xml(name)}"${time}`
  const inner = propertiesText(properties, '      ')
  const text = resultText(result)
  if (inner === '') return text === '' ? `${head}/>\n` : `${head}>${text}</testcase>\n`
  return `${head}>\n${inner}${text === '' ? '' : `      ${text}\n`}    </testcase>\n`
}

function resultText(result: CaseResult): string {
  if (result.kind !== 'passed')
    return `<${result.kind} message="${xml(result.message)}">${xml(result.text)}</${result.kind}>`
  return result.text === undefined ? '' : `<system-out>${xml(result.text)}</system-out>`
}

function propertiesText(properties: Readonly<Record<string, string>> = {}, indent: string): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${indent}  <property name="${xml(name)}" value="${xml(value)}"/>\n`,
  )
  return lines.length === 0 ? '' : `${indent}<properties>\n${lines.join('')}${indent}</properties>\n`
}

/** Absent where no case has a time. */
function timeOf(cases: readonly JunitCase[]): string {
  const times = cases.flatMap(({ timeMs }) => timeMs ?? [])
  return times.length === 0 ? '' : ` time="${inSeconds(times.reduce((sum, ms) => sum + ms, 0))}"`
}

const inSeconds = (ms: number): string => (ms / 1000).toFixed(3)

/** The schema that CI servers check allows `skipped` for a suite, but not for the root. */
function totals(cases: readonly JunitCase[], withSkipped: boolean): string {
  const count = (kind: CaseResult['kind']) => cases.filter(({ result }) => result.kind === kind).length
  const skipped = withSkipped ? ` skipped="${count('skipped')}"` : ''
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"${skipped}`
}

/** Escapes text for XML 1.0, which cannot express most control characters. */
function xml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the expression removes control characters
  const legal = text.toWellFormed().replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
  return legal
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}
