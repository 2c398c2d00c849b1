/** Random numbers that follow from a seed. Each draw has a generator of its own, so draws do not shift each other. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

export class Random {
  readonly #generator: RandomGenerator

  /** `words`: what the numbers follow from, such as the seed and the number of a draw. */
  constructor(...words: (number | string)[]) {
    this.#generator = mersenne(hashOf(words.join('/')))
  }

  /** From 0, below 1. */
  unit(): number {
    return uniformFloat64(this.#generator)
  }

  /** A whole number from 0, below `limit`, which is at least 1. */
  below(limit: number): number {
    return uniformInt(this.#generator, 0, limit - 1)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  /** Undefined for an empty list. */
  pick<T>(from: readonly T[]): T | undefined {
    return from.length === 0 ? undefined : from[this.below(from.length)]
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

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash
}
