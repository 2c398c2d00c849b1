/**
 * The store of an idempotent consumer. Delivery is at least once, so the consumer itself must recognise a message that
 * it has processed before.
 *
 * One row is both the effect and the key that marks it as done. If the two were separate, a crash between them would
 * lose the effect (key written first) or double it (effect written first), which is what the pattern must prevent.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { checkNumber, openDatabase } from './database.ts'

const schema = 'CREATE TABLE IF NOT EXISTS effects (s INTEGER PRIMARY KEY) STRICT'

export class EffectStore {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #count: StatementSync
  readonly #all: StatementSync

  /**
   * Opens or creates the file at `path`. Consumers of a group may share it: each message is applied by only one of
   * them.
   */
  constructor(path: string) {
    this.#database = openDatabase(path, schema)
    this.#insert = this.#database.prepare('INSERT INTO effects (s) VALUES (?) ON CONFLICT DO NOTHING')
    this.#count = this.#database.prepare('SELECT count(*) AS n FROM effects')
    this.#all = this.#database.prepare('SELECT s FROM effects ORDER BY s')
  }

  /**
   * Applies the effect of message `s`. Returns `applied` when this call did it, and `known` when an earlier call of
   * this or an earlier process had. When this returns, a SIGKILL cannot undo the effect.
   */
  apply(s: number): 'applied' | 'known' {
    return Number(this.#insert.run(checkNumber(s)).changes) === 1 ? 'applied' : 'known'
  }

  count(): number {
    return Number(this.#count.get()?.['n'])
  }

  /** The numbers of the messages that had their effect, in ascending order. */
  *numbers(): Generator<number> {
    for (const row of this.#all.iterate()) yield Number(row['s'])
  }

  close(): void {
    this.#database.close()
  }
}
