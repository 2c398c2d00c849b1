/**
 * The idempotent consumer's store. Delivery is at least once; that each message has its effect once is the consumer's
 * own work: it must see a message again and know it.
 *
 * The row is the effect and the key in one. Kept apart, a crash between the two would either lose the effect (key first)
 * or double it (effect first), which is the very fault that the pattern is there to prevent.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { checkNumber, openDatabase } from './database.ts'

const schema = 'CREATE TABLE IF NOT EXISTS effects (s INTEGER PRIMARY KEY) STRICT'

export class EffectStore {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #count: StatementSync
  readonly #all: StatementSync

  /** Opens or creates the file at `path`. Consumers of one group may share it: of two that apply a message, one does. */
  constructor(path: string) {
    this.#database = openDatabase(path, schema)
    this.#insert = this.#database.prepare('INSERT INTO effects (s) VALUES (?) ON CONFLICT DO NOTHING')
    this.#count = this.#database.prepare('SELECT count(*) AS n FROM effects')
    this.#all = this.#database.prepare('SELECT s FROM effects ORDER BY s')
  }

  /**
   * The effect of message `s`. `applied`: by this call; `known`: by an earlier one, of this process or of one before it.
   * Either way a SIGKILL no longer takes it back when this returns.
   */
  apply(s: number): 'applied' | 'known' {
    return Number(this.#insert.run(checkNumber(s)).changes) === 1 ? 'applied' : 'known'
  }

  count(): number {
    return Number(this.#count.get()?.['n'])
  }

  /** The messages that had their effect, in order of number. */
  *numbers(): Generator<number> {
    for (const row of this.#all.iterate()) yield Number(row['s'])
  }

  close(): void {
    this.#database.close()
  }
}
