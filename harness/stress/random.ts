/** Random numbers that follow from a seed. Each draw has a generator of its own, so draws do not shift each other. */

/** xorshift128, seeded with splitmix32: fast, and the same on every machine. */
export class Random {
  readonly #state: [number, number, number, number]

  /** `words`: what the numbers follow from, such as the seed and the number of a draw. */
  constructor(...words: (number | string)[]) {
    let hash = 0x811c9dc5
    for (const character of words.join('/')) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
    const next = () => {
      hash = (hash + 0x9e3779b9) | 0
      let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
      return (mixed ^ (mixed >>> 15)) >>> 0
    }
    this.#state = [next(), next(), next(), next() || 1]
  }

  /** From 0, below 1. */
  unit(): number {
    const [a, b, c, d] = this.#state
    let t = a ^ (a << 11)
    t ^= t >>> 8
    const last = (d ^ (d >>> 19) ^ t) >>> 0
    this.#state.splice(0, 4, b, c, d, last)
    return last / 2 ** 32
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  /** Undefined for an empty list. */
  pick<T>(from: readonly T[]): T | undefined {
    return from[this.below(from.length)]
  }

  /** One of the keys, each as often as its weight says. Undefined without a positive weight. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T | undefined {
    const total = choices.reduce((sum, [, weight]) => sum + Math.max(0, weight), 0)
    let left = this.unit() * total
    for (const [choice, weight] of choices) {
      if (weight <= 0) continue
      left -= weight
      if (left < 0) return choice
    }
    return undefined
  }

  /** `count` members in random order, or all. */
  sample<T>(from: readonly T[], count: number): T[] {
    const rest = [...from]
    const taken: T[] = []
    while (taken.length < count && rest.length > 0) taken.push(...rest.splice(this.below(rest.length), 1))
    return taken
  }
}
