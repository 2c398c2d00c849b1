import type { Link } from '../../faults/fault.ts'
import { LossproofError } from '../../model/errors.ts'

type Toxic = Parameters<Link['addToxic']>[0]

interface Hold {
  toxic: Toxic
  faults: number
}

/**
 * Counts the faults that need the same toxic on a link. Toxiproxy refuses a second toxic of one name, so the first fault adds
 * it, and the last one to be healed removes it.
 */
export class ToxicHolds {
  readonly #holds = new Map<string, Hold>()

  /** True: add the toxic now. Throws LossproofError('cluster') when another fault has set it differently. */
  take(link: string, toxic: Toxic): boolean {
    const key = keyOf(link, toxic.name)
    const hold = this.#holds.get(key)
    if (!hold) {
      this.#holds.set(key, { toxic, faults: 1 })
      return true
    }
    if (JSON.stringify(hold.toxic) !== JSON.stringify(toxic))
      throw new LossproofError(
        'cluster',
        `link ${link} already has the toxic ${toxic.name} with ${JSON.stringify(hold.toxic.attributes)}; ` +
          `another fault wants it with ${JSON.stringify(toxic.attributes)}`,
        { hint: 'heal the first fault before the second, or give both the same parameters' },
      )
    hold.faults += 1
    return false
  }

  /** True: remove the toxic now, if it is there. */
  release(link: string, toxic: string): boolean {
    const key = keyOf(link, toxic)
    const hold = this.#holds.get(key)
    if (hold && hold.faults > 1) {
      hold.faults -= 1
      return false
    }
    this.#holds.delete(key)
    return true
  }
}

const keyOf = (link: string, toxic: string) => `${link} ${toxic}`
