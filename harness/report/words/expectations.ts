/** Expectations as the author of the scenario wrote them. */

/**
 * `acked-in(cut)` for `acked-in(cut) = 52`. A judged expectation has the size of its set in this run, which differs from
 * run to run.
 */
export function withoutRunNumbers(expected: string): string {
  return expected.replace(/ = (?:\d+|nothing\b).*$/, '').replace(/ of all \d+$/, '')
}

interface Judged {
  what: string
  expected: string
  actual: number
  ok: boolean
}

/** The first expectation, those that failed, and those that expect more than zero. */
export function notableExpectations<J extends Judged>(expect: readonly J[]): J[] {
  return expect.filter(({ ok, expected }, at) => at === 0 || !ok || expected !== '0')
}
