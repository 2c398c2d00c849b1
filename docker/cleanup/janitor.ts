/**
 * A process that outlives the harness. It holds the end of a pipe that the kernel closes when the harness dies in
 * whatever way, and then removes the run's containers, networks, volumes and client processes.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startOf } from '../engine/labels.ts'

export class Janitor {
  readonly #child: ChildProcess

  /** Starts before anything else of the run is created. */
  constructor(run: string) {
    const entry = fileURLToPath(new URL('janitor-process.ts', import.meta.url))
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, run], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    this.#child.stdin?.on('error', () => {})
    this.#child.unref()
    if (this.#child.stdin && 'unref' in this.#child.stdin && typeof this.#child.stdin.unref === 'function')
      this.#child.stdin.unref()
  }

  /** Names a process that must not survive the harness. */
  watch(pid: number): void {
    this.#child.stdin?.write(`pid ${pid} ${startOf(pid) ?? 'gone'}\n`)
  }

  /** The harness has cleaned up by itself. */
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
