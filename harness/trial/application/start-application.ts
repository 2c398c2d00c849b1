/** Makes the process of an application: fills in what it has to know about the trial. */
import type { ConsumerLaneConfig } from '../../../workloads/messages.ts'
import { environmentOf } from '../../../workloads/application/facts.ts'
import { wordsOf } from '../../../workloads/clients/command/words.ts'
import { userProgram } from '../clients/own/user-program.ts'
import type { OwnEnvironment } from '../clients/own/user-program.ts'
import { AppProcess } from './app-process.ts'

/** What a word in braces becomes in the command and in the environment variables that the scenario gives. */
export const placeholders = ['bootstrap', 'in', 'out', 'group', 'instance'] as const
type Known = Readonly<Record<(typeof placeholders)[number], string>>

/** `process`: name of the process, unique in the trial. */
export function applicationProcess(lane: ConsumerLaneConfig, process: string, owner: OwnEnvironment): AppProcess {
  const { clientSettings: own } = lane
  const known: Known = {
    bootstrap: lane.bootstrap.join(','),
    in: lane.topic,
    out: lane.out ?? '',
    group: lane.group,
    instance: String(lane.instance ?? 0),
  }
  const words = wordsOf(String(own['command'] ?? '')).map(word => filled(word, known))
  const environment = {
    BOOTSTRAP_SERVERS: known.bootstrap,
    INPUT_TOPIC: known.in,
    OUTPUT_TOPIC: known.out,
    GROUP_ID: known.group,
    INSTANCE: known.instance,
    ...Object.fromEntries(Object.entries(environmentOf(own)).map(([name, text]) => [name, filled(text, known)])),
  }
  return new AppProcess(userProgram(own, { words, environment, process }, owner))
}

/** `{in}` → the name of the topic. Other braces stay as they are. */
function filled(text: string, known: Known): string {
  let result = text
  for (const name of placeholders) result = result.replaceAll(`{${name}}`, known[name])
  return result
}
