/** What a check of a client found, one line for each thing that the protocol asks for. */
export interface Finding {
  id: string
  /** What is asked for. */
  title: string
  /** `missing`: the client does not do it. `untested`: it could not be tried, or this output format cannot tell. */
  result: 'ok' | 'missing' | 'untested'
  seen: string
}

export interface CheckedClient {
  role: 'producer' | 'consumer'
  command: string
  /** Folder with the lane files and the configurations that the client received. */
  folder: string
  findings: Finding[]
}

const marks: Readonly<Record<Finding['result'], string>> = { ok: 'ok', missing: 'MISSING', untested: '-' }
const markWidth = 8
const idWidth = 16

export function describeFindings({ role, command, folder, findings }: CheckedClient): string {
  const lines = findings.map(
    ({ id, title, result, seen }) => `${marks[result].padEnd(markWidth)} ${id.padEnd(idWidth)} ${title}: ${seen}\n`,
  )
  const missing = findings.filter(({ result }) => result === 'missing').length
  const untested = findings.filter(({ result }) => result === 'untested').length
  const summary =
    missing === 0
      ? `nothing is missing in ${findings.length - untested} of ${findings.length} tests`
      : `${missing} of ${findings.length} tests show something missing`
  const rest = untested > 0 ? `, ${untested} not tried` : ''
  return `${command} as ${role}\n\n${lines.join('')}\n${summary}${rest}. History: ${folder}\n`
}
