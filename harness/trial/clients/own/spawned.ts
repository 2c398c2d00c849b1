/** A program of the user's as a process of this machine, with a process group of its own. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Janitor } from '../../../../docker/cleanup/janitor.ts'
import { LossproofError, messageOf } from '../../../../model/errors.ts'
import { stateOf } from '../process-state.ts'
import type { ClientSignal } from '../transport.ts'
import type { Program, ProgramListener } from './program.ts'

const stderrKeptChars = 4000
const startLimitMs = 5000
/** A process that left the group may keep the output open; it is then not waited for any longer. */
const outputLimitMs = 2000
const stateLimitMs = 1000

export interface SpawnOptions {
  words: readonly string[]
  folder: string
  environment: Readonly<Record<string, string>>
}

export class SpawnedProgram implements Program {
  readonly #options: SpawnOptions
  readonly #janitor: Pick<Janitor, 'watch'>
  #child: ChildProcess | undefined
  #stderr = ''
  #exited = false

  constructor(options: SpawnOptions, janitor: Pick<Janitor, 'watch'>) {
    this.#options = options
    this.#janitor = janitor
  }

  async start(listener: ProgramListener): Promise<void> {
    const { words, folder, environment } = this.#options
    const [command = '', ...args] = words
    if (!existsSync(folder)) throw this.#failed(`the folder ${folder} does not exist`)
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      // The leader of a group of its own: signals reach all its processes, and the Ctrl-C of the terminal none.
      detached: true,
    })
    this.#child = child
    child.stdin?.on('error', () => {})
    child.stdout?.on('data', (chunk: Buffer) => listener.stdout(chunk))
    child.stderr?.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-stderrKeptChars)
    })
    const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
    child.once('exit', (code, by) => {
      this.#exited = true
      // What it has started ends with it, and lets go of its output.
      this.#toGroup('SIGKILL')
      void Promise.race([closed, delay(outputLimitMs, undefined, { ref: false })]).then(() =>
        listener.ended(by === null ? `exit code ${String(code)}` : `signal ${by}`),
      )
    })
    await this.#spawned(child)
    if (child.pid !== undefined) this.#janitor.watch(child.pid)
  }

  tell(line: string): void {
    if (!this.#exited && this.#child?.stdin?.writable === true) this.#child.stdin.write(`${line}\n`)
  }

  async signal(signal: ClientSignal): Promise<void> {
    if (this.#exited || this.#child?.pid === undefined) return
    this.#toGroup(signal)
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') return
    const deadline = performance.now() + stateLimitMs
    while (!this.#exited && this.stopped !== (signal === 'SIGSTOP') && performance.now() < deadline) await delay(1)
  }

  get stopped(): boolean {
    const pid = this.#child?.pid
    return pid !== undefined && !this.#exited && stateOf(pid) === 'T'
  }

  get errors(): string {
    return this.#stderr
  }

  async remove(): Promise<void> {}

  #toGroup(signal: ClientSignal): void {
    const pid = this.#child?.pid
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch {
      // Nothing of the group is left.
    }
  }

  async #spawned(child: ChildProcess): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#failed(`nothing happened for ${startLimitMs} ms`)), startLimitMs)
      child.once('spawn', () => {
        clearTimeout(timer)
        resolve()
      })
      child.once('error', error => {
        clearTimeout(timer)
        reject(this.#failed(messageOf(error)))
      })
    })
  }

  #failed(why: string): LossproofError {
    const { words, folder } = this.#options
    return new LossproofError('client', `the command "${words.join(' ')}" could not be started in ${folder}: ${why}`)
  }
}
