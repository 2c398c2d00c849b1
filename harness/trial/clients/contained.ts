/**
 * A client process in a container, for client libraries that do not run in Node.js. Commands and reports are JSON lines on
 * its standard streams.
 */
import { StringDecoder } from 'node:string_decoder'
import type { ClientHost } from '../../../docker/nodes/client-host.ts'
import type { Command, ProcessConfig, Report } from '../../../workloads/messages.ts'
import { ContainerProgram } from './container-program.ts'
import type { ClientSignal, Transport } from './transport.ts'

export class ContainedProcess implements Transport {
  readonly #program: ContainerProgram
  #ended: string | undefined

  /** `folder`: the run's folder, absolute. `args`: further command line arguments; used by measurements. */
  constructor(config: ProcessConfig, host: ClientHost, folder: string, args: readonly string[] = []) {
    const { docker, image, entrypoint, labels } = host
    this.#program = new ContainerProgram({
      docker,
      image,
      entrypoint: [entrypoint],
      words: args,
      labels,
      process: config.process,
      folder,
    })
  }

  async open(onReport: (report: Report) => void): Promise<void> {
    const decoder = new StringDecoder('utf8')
    let rest = ''
    await this.#program.start({
      stdout: chunk => {
        const lines = (rest + decoder.write(chunk)).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) if (line !== '') onReport(JSON.parse(line) as Report)
      },
      ended: how => {
        this.#ended = how
      },
    })
  }

  get opened(): boolean {
    return this.#program.started
  }

  get ended(): string | undefined {
    return this.#ended
  }

  get frozen(): boolean {
    return this.#program.stopped
  }

  get errors(): string {
    return this.#program.errors
  }

  send(command: Command): void {
    this.#program.tell(JSON.stringify(command))
  }

  async signal(signal: ClientSignal): Promise<void> {
    await this.#program.signal(signal)
  }

  async remove(): Promise<void> {
    await this.#program.remove()
  }
}
