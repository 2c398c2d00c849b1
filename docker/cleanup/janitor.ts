/**
 * A process that outlives the harness. It reads from a pipe that the kernel closes when the harness dies, for whatever
 * reason. Then it removes the run's containers, networks, volumes and client processes.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { moduleUrl } from '../../model/module-url.ts'
import { startOf } from '../engine/labels.ts'

export class Janitor {
  readonly #child: ChildProcess

  /** Create the janitor before anything else of the run. */
  constructor(run: string) {
    const entry = fileURLToPath(moduleUrl('janitor-process', import.meta.url))
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, run], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    this.#child.stdin?.on('error', () => {})
    this.#child.unref()
    if (this.#child.stdin && 'unref' in this.#child.stdin && typeof this.#child.stdin.unref === 'function')
      this.#child.stdin.unref()
  }

  /** Adds a process that the janitor kills when the harness dies. */
  watch(pid: number): void {
    this.#child.stdin?.write(`pid ${pid} ${startOf(pid) ?? 'gone'}\n`)
  }

  /** Adds a program of ours that the janitor runs with the run's name when the harness dies. `module`: its file. */
  runAtDeath(module: string): void {
    this.#child.stdin?.write(`run ${module}\n`)
  }

  /** Ends the janitor without any clean-up, because the harness has done it. */
  async dismiss(): Promise<void> {
    const { stdin } = this.#child
    if (!stdin || this.#child.exitCode !== null) return
    this.#child.ref()
    await new Promise<void>(resolve => {
      this.#child.once('exit', () => resolve())
      stdin.end('done\n')
    })
  }
}
