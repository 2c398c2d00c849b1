/** The verdict as JUnit XML: a suite is a scenario, a case is a cell and one of its expectations. */
import type { CellVerdict, RunVerdict } from '../check/verdict.ts'

export function junit(verdict: RunVerdict): string {
  const suites = [...new Set(verdict.cells.map(cell => cell.scenario))].map(scenario => suite(scenario, verdict.cells.filter(cell => cell.scenario === scenario)))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lossproof">\n${suites.join('')}</testsuites>\n`
}

function suite(scenario: string, cells: readonly CellVerdict[]): string {
  const cases = cells.flatMap(cell => cell.expect.map(judged => ({ cell, judged })))
  const failures = cells.filter(cell => cell.verdict === 'violated').flatMap(cell => cell.expect.filter(judged => !judged.ok)).length
  const errors = cells.filter(cell => cell.verdict === 'inconclusive' || cell.verdict === 'not-shown').length
  const body = cases.map(({ cell, judged }, at) => {
    const first = cases[at - 1]?.cell !== cell
    const name = `${cell.id} ${judged.what}: ${judged.expected}`
    const inner =
      cell.verdict === 'violated' && !judged.ok
        ? `<failure message="${xml(`${judged.what}: expected ${judged.expected}, happened ${judged.actual}`)}">${xml(cell.reasons.join('\n'))}</failure>`
        : cell.verdict !== 'held' && cell.verdict !== 'violated' && first
          ? `<error message="${xml(cell.verdict)}">${xml(cell.reasons.join('\n'))}</error>`
          : ''
    return `    <testcase classname="${xml(scenario)}" name="${xml(name)}">${inner}</testcase>\n`
  })
  return `  <testsuite name="${xml(scenario)}" tests="${cases.length}" failures="${failures}" errors="${errors}">\n${body.join('')}  </testsuite>\n`
}

/** XML 1.0 has no way to write most control characters. */
function xml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what has to go
  const legal = text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
  return legal.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;')
}
