/** JUnit XML as CI servers read it: suites of cases. */

/** `text` of a passed case becomes its output. */
export type CaseResult =
  { kind: 'passed'; text?: string } | { kind: 'failure' | 'error' | 'skipped'; message: string; text: string }

export interface JunitCase {
  classname: string
  name: string
  result: CaseResult
}

export interface JunitSuite {
  name: string
  cases: readonly JunitCase[]
}

export function junitText(suites: readonly JunitSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="lossproof" ${totals(
      suites.flatMap(({ cases }) => cases),
      false,
    )}>\n`,
    ...suites.map(suiteText),
    '</testsuites>\n',
  ].join('')
}

function suiteText({ name, cases }: JunitSuite): string {
  return `  <testsuite name="${xml(name)}" ${totals(cases, true)}>\n${cases.map(caseText).join('')}  </testsuite>\n`
}

function caseText({ classname, name, result }: JunitCase): string {
  const head = `    <testcase classname="${xml(classname)}" name="${xml(name)}"`
  if (result.kind === 'passed')
    return result.text === undefined
      ? `${head}/>\n`
      : `${head}><system-out>${xml(result.text)}</system-out></testcase>\n`
  return `${head}><${result.kind} message="${xml(result.message)}">${xml(result.text)}</${result.kind}></testcase>\n`
}

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
