/** For tests: a client process without a process. Tests set its counters, freeze it and end it. */
import { noStatus } from '../../../workloads/messages.ts'
import type { Command, LaneStatus, ProcessConfig, Report } from '../../../workloads/messages.ts'
import { ClientProcess } from '../clients/process.ts'
import { Fleet } from '../clients/fleet.ts'
import type { ClientSignal, Transport } from '../clients/transport.ts'

export class FakeClient implements Transport {
  readonly name: string
  readonly commands: string[] = []
  readonly signals: ClientSignal[] = []
  opened = false
  ended: string | undefined
  frozen = false
  errors = ''
  /** Commands that are not obeyed. */
  readonly ignores: ReadonlySet<Command['type']>
  readonly #lanes: Record<string, LaneStatus>
  #onReport: (report: Report) => void = () => {}
  #pauses = 0

  constructor(name: string, lanes: readonly string[], ignores: readonly Command['type'][] = []) {
    this.name = name
    this.ignores = new Set(ignores)
    this.#lanes = Object.fromEntries(lanes.map(lane => [lane, { ...noStatus }]))
  }

  async open(onReport: (report: Report) => void): Promise<void> {
    this.opened = true
    this.#onReport = onReport
  }

  send(command: Command): void {
    if (this.ended !== undefined) return
    this.commands.push(command.type)
    if (this.ignores.has(command.type)) return
    if (command.type === 'start') this.#onReport({ type: 'ready' })
    if (command.type === 'pause') {
      this.#pauses += 1
      this.report()
    }
    if (command.type === 'stop') this.#onReport({ type: 'done', lanes: this.#lanes })
  }

  async signal(signal: ClientSignal): Promise<void> {
    this.signals.push(signal)
    if (signal === 'SIGSTOP') this.frozen = true
    if (signal === 'SIGCONT') this.frozen = false
    if (signal === 'SIGKILL') this.ended ??= 'signal SIGKILL'
    if (signal === 'SIGTERM') this.ended ??= 'exit code 0'
  }

  async remove(): Promise<void> {}

  /** Sets counters of a lane and reports them. */
  count(lane: string, counters: Partial<LaneStatus>): void {
    this.#lanes[lane] = { ...(this.#lanes[lane] ?? noStatus), ...counters }
    this.report()
  }

  report(): void {
    this.#onReport({ type: 'status', paused: false, pauses: this.#pauses, lanes: { ...this.#lanes } })
  }

  fatal(error: string): void {
    this.#onReport({ type: 'fatal', error })
  }
}

export function processOf(client: FakeClient, signal = new AbortController().signal): ClientProcess {
  const config: ProcessConfig = { role: 'producer', process: client.name, t0: '0', lanes: [] }
  return new ClientProcess(config, client, signal)
}

/**
 * A started fleet of fake clients: `members` by name, with their lanes. Clients of later starts are added to `clients`.
 */
export async function fakeFleet(members: Record<string, string[]>, ignores: readonly Command['type'][] = []) {
  const clients = new Map<string, FakeClient>()
  const fleet = new Fleet(
    Object.entries(members).map(([name, lanes]) => ({
      name,
      lanes,
      make: process => {
        const client = new FakeClient(process, lanes, ignores)
        clients.set(process, client)
        return processOf(client)
      },
    })),
  )
  await fleet.start()
  const client = (name: string): FakeClient => {
    const found = clients.get(name)
    if (!found) throw new Error(`no fake client ${name}`)
    return found
  }
  return { fleet, client }
}
