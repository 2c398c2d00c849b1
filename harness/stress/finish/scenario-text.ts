/** A finding as a scenario file that anybody can run: it exits with 99 as long as the settings lose messages. */
import { Document, isMap, isSeq } from 'yaml'
import type { Settings } from '../../../model/settings.ts'
import type { Draw, StressFix } from '../../../model/stress/stress.ts'
import { needsOwnBrokers } from '../../audit/plan/compose.ts'
import { scenarioOf } from '../compose.ts'
import type { Subject } from '../subject.ts'
import { settingsWords } from './words.ts'

export interface FoundScenario {
  /** Lower-case letters, digits and dashes. */
  name: string
  draw: Draw
  /** With the settings that are still needed. */
  subject: Subject
  claim: string
  /** What the autopsy says. */
  text: string
  fix: StressFix | undefined
  seed: number
}

export function scenarioText({ name, draw, subject, claim, text, fix, seed }: FoundScenario): string {
  const own = draw.lanes.filter(({ kind }) => kind === 'own')
  const beside = fix !== undefined && !needsOwnBrokers(fix.settings) ? fix.settings : undefined
  const cells: Settings[] = [
    ...own.map(({ settings }) => settings),
    ...(beside === undefined ? [] : [{ ...own[0]?.settings, ...beside }]),
  ]
  const scenario = scenarioOf(name, { ...draw, lanes: cells.map(settings => ({ kind: 'own', settings })) }, subject)
  const document = new Document({ ...scenario, claim: { id: `stress/${name}`, text: claim } })
  document.commentBefore = comment([
    `Found by lossproof stress, seed ${seed}, trial ${draw.number}.`,
    '',
    text,
    '',
    ...(beside === undefined ? [] : [`The last cell has ${settingsWords(beside)}, which keeps the messages.`]),
    ...(fix !== undefined && beside === undefined
      ? [
          'A fix that changes the brokers needs a run of its own:',
          `lossproof run <this file>${Object.entries(fix.settings)
            .map(([setting, value]) => ` --set ${setting}=${String(value)}`)
            .join('')}`,
        ]
      : []),
    'lossproof run <this file> exits with 99 while the first cell loses messages.',
  ])
  for (const path of [['schedule'], ['lanes', 'cells'], ['expect']]) inFlow(document, path)
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

/** Each entry of the list on lines of its own, what it holds on one line. */
function inFlow(document: Document, path: readonly string[]): void {
  const list = document.getIn(path)
  for (const entry of isSeq(list) ? list.items : []) {
    if (!isMap(entry)) continue
    const nested = entry.items.flatMap(({ value }) => (isMap(value) || isSeq(value) ? [value] : []))
    for (const value of nested) value.flow = true
    if (nested.length === 0) entry.flow = true
  }
}

const wide = 110

const comment = (lines: readonly string[]): string =>
  lines
    .flatMap(line => folded(line))
    .map(line => (line === '' ? '' : ` ${line}`))
    .join('\n')

function folded(text: string): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length >= wide) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
