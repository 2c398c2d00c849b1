/** Makes the transport of a client that is a command of the user's. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LaneHeader } from '../../../../history/records.ts'
import { LossproofError } from '../../../../model/errors.ts'
import { consumerConfig, producerConfig } from '../../../../workloads/clients/command/config.ts'
import type { OwnConfig } from '../../../../workloads/clients/command/config.ts'
import { formatOf } from '../../../../workloads/clients/command/facts.ts'
import { RecordLines } from '../../../../workloads/clients/command/output/records.ts'
import { VerifiableLines } from '../../../../workloads/clients/command/output/verifiable.ts'
import { propertiesOf, verifiableArguments } from '../../../../workloads/clients/command/verifiable-arguments.ts'
import { wordsOf } from '../../../../workloads/clients/command/words.ts'
import type { ConsumerLaneConfig, ProcessConfig, ProducerLaneConfig } from '../../../../workloads/messages.ts'
import { LineControl, SignalControl } from './control.ts'
import { OwnClient } from './own-client.ts'
import type { Program } from './program.ts'
import { userProgram } from './user-program.ts'
import type { OwnEnvironment } from './user-program.ts'

export function ownClient(process: ProcessConfig, environment: OwnEnvironment): OwnClient {
  const { config, lane } = configOf(process)
  const isVerifiable = formatOf(lane.clientSettings) === 'verifiable'
  const program = programOf(config, lane, environment, isVerifiable)
  const firstNumber = config.role === 'producer' ? config.firstNumber : 0
  const header: LaneHeader = {
    lane: config.lane,
    role: config.role,
    process: config.process,
    client: lane.client,
    ...(isVerifiable && config.role === 'producer' ? { sends: 'unrecorded' as const } : {}),
  }
  return new OwnClient({
    header,
    file: lane.file,
    t0: config.t0,
    program,
    control: isVerifiable ? new SignalControl(program, config.role) : new LineControl(program),
    translator: isVerifiable
      ? new VerifiableLines(config.role, firstNumber)
      : new RecordLines(config.role, firstNumber),
    messages: config.role === 'producer' ? config.messages : null,
  })
}

function configOf(process: ProcessConfig): { config: OwnConfig; lane: ProducerLaneConfig | ConsumerLaneConfig } {
  if (process.role === 'producer' && process.lanes.length === 1)
    for (const lane of process.lanes) return { config: producerConfig(process, lane), lane }
  if (process.role === 'consumer' && process.lanes.length === 1)
    for (const lane of process.lanes) return { config: consumerConfig(process, lane), lane }
  throw new LossproofError(
    'internal',
    `a command serves one lane as producer or consumer, not ${process.role} ${process.process}`,
  )
}

function programOf(
  config: OwnConfig,
  { clientSettings: own, stores }: ProducerLaneConfig | ConsumerLaneConfig,
  owner: OwnEnvironment,
  isVerifiable: boolean,
): Program {
  const file = join(stores, `${config.process}.json`)
  const properties = join(stores, `${config.process}.properties`)
  mkdirSync(stores, { recursive: true })
  writeFileSync(file, `${JSON.stringify(config, undefined, 2)}\n`)
  if (isVerifiable) writeFileSync(properties, propertiesOf(config))
  const words = [
    ...wordsOf(String(own['command'] ?? '')),
    ...(isVerifiable ? verifiableArguments(config, properties) : []),
  ]
  const environment = { LOSSPROOF_CLIENT: JSON.stringify(config), LOSSPROOF_CLIENT_FILE: file }
  return userProgram(own, { words, environment, process: config.process }, owner)
}
