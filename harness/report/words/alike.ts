/**
 * Scenarios whose cells all ended alike. Such a schedule says nothing about the settings that its cells vary: when a crash
 * loses nothing with acks=1, that does not show that acks=1 is safe.
 */
import type { CellVerdict, Counts } from '../../../model/verdict.ts'
import { lostCount } from './counts.ts'
import { faultsText } from './faults.ts'
import { number } from './numbers.ts'
import { shortSetting, variedSettings } from './settings.ts'

type CellResult = Pick<CellVerdict, 'id' | 'scenario' | 'settings' | 'verdict' | 'counts' | 'expect'>

export interface AlikeScenario {
  scenario: string
  /** One sentence for the reports. */
  text: string
}

/** Shares of messages that differ by less than this factor count as alike. */
const similarFactor = 2
/** Counts in which cells can differ although no expectation mentions them. */
const alwaysCompared = ['lost', 'skipped'] as const

/** `faultsOf`: the faults that a cell met. Scenarios without faults and with cells without a verdict are left out. */
export function scenariosAlike<C extends CellResult>(
  cells: readonly C[],
  faultsOf: (cell: C) => CellVerdict['faults'],
): AlikeScenario[] {
  return [...Map.groupBy(cells, cell => cell.scenario)].flatMap(([scenario, members]) => {
    const varied = variedSettings(members).map(shortSetting)
    const faults = faultsText(members[0] === undefined ? [] : faultsOf(members[0]))
    const judged = members.every(({ verdict }) => verdict !== 'inconclusive')
    if (members.length < 2 || varied.length === 0 || faults === '' || !judged || !endedAlike(members)) return []
    const text =
      `All ${number(members.length)} cells ${endOf(members)} under “${faults}”. ` +
      `This schedule cannot tell them apart, so it shows nothing about ${varied.join(', ')}.`
    return [{ scenario, text }]
  })
}

/** Whether the cells have equal losses, equal skips and equal counts wherever one of them has an expectation. */
function endedAlike(cells: readonly CellResult[]): boolean {
  const expected = cells.flatMap(({ expect }) => expect.map(({ what }) => what))
  const names = [...new Set([...alwaysCompared, ...expected])]
  const counted = names.filter(name => cells.every(({ counts }) => name in counts))
  return counted.every(name => similar(cells.map(({ counts }) => share(counts, name))))
}

function similar(shares: readonly number[]): boolean {
  const [least, most] = shares.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, 0],
  )
  return most === 0 || (least > 0 && most < similarFactor * least)
}

function share(counts: Counts, name: string): number {
  const count = name === 'lost' ? lostCount(counts) : counts[name as keyof Counts]
  return count / Math.max(1, counts.sent)
}

function endOf(cells: readonly CellResult[]): string {
  if (cells.some(({ counts }) => lostCount(counts) > 0)) return 'lost messages'
  if (cells.some(({ counts }) => counts.unsent > 0)) return 'lost messages unnoticed'
  return cells.some(({ counts }) => counts.skipped > 0) ? 'skipped messages' : 'kept every message'
}
