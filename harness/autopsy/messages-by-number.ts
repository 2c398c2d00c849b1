/** A lane's messages by their numbers, as the autopsy reads them: it asks about few messages, and names them in its texts. */
import type { MessageFacts } from '../../systems/shared/autopsy/lane-facts.ts'
import type { MessageTable } from '../check/table/table.ts'

const absent = -1

export class MessagesByNumber implements MessageFacts {
  readonly ackOffset: MessageFacts['ackOffset']
  readonly sentAt: MessageFacts['sentAt']
  readonly ackedAt: MessageFacts['ackedAt']
  readonly #table: MessageTable

  constructor(table: MessageTable) {
    this.#table = table
    this.ackOffset = this.#byNumber(table.ackOffset)
    this.sentAt = this.#byNumber(table.sentAt)
    this.ackedAt = this.#byNumber(table.ackedAt)
  }

  partition(s: number): number {
    const row = this.#table.find(s)
    return row < 0 ? absent : this.#table.partition(row)
  }

  each(visit: (s: number) => void): void {
    for (let row = 0; row < this.#table.rows; row++) visit(this.#table.numberOf(row))
  }

  #byNumber(column: MessageTable['sentAt']): MessageFacts['sentAt'] {
    return {
      get: s => {
        const row = this.#table.find(s)
        return row < 0 ? absent : column.get(row)
      },
    }
  }
}
