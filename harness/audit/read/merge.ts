/** Brings the settings of all files together. Each setting has one value, and contradictions are errors. */
import { LossproofError } from '../../../model/errors.ts'
import type { ReadKey } from '../../../systems/shared/config-files/types.ts'
import type { ClassifiedKey, PlacedSetting } from './configuration.ts'

export interface Classified {
  key: ReadKey
  result: ClassifiedKey
}

const isSecondary = ({ key: { meaning } }: Classified) => meaning.kind === 'setting' && meaning.secondary === true
const idOf = ({ result }: Classified) => `${result.place}.${result.name}`
const differs = (a: Classified, b: Classified) => String(a.result.value) !== String(b.result.value)
const where = ({ result }: Classified) => `${result.file}:${result.line}`

/** Changes the verdict of used settings for which `refuse` has a reason: they would have no effect in the test cluster. */
export function withoutEffect(
  all: readonly Classified[],
  refuse: (name: string, value: ClassifiedKey['value']) => string | undefined,
): Classified[] {
  return all.map(({ key, result }) => {
    const reason =
      result.verdict === 'used' && result.place === 'broker' ? refuse(result.name ?? '', result.value) : undefined
    return reason === undefined ? { key, result } : { key, result: { ...result, verdict: 'no-effect', reason } }
  })
}

/** Throws LossproofError('usage') for a setting that two files, or two nodes of one file, set differently. */
export function mergeSettings(all: readonly Classified[]): { keys: ClassifiedKey[]; settings: PlacedSetting[] } {
  const winners = new Map<string, Classified>()
  const verdicts = new Map<Classified, ClassifiedKey>()
  const used = all.filter(({ result }) => result.verdict === 'used')
  for (const candidate of [...used.filter(one => !isSecondary(one)), ...used.filter(isSecondary)]) {
    const known = winners.get(idOf(candidate))
    if (!known) {
      winners.set(idOf(candidate), candidate)
      continue
    }
    if (!differs(known, candidate)) continue
    if (isSecondary(candidate) && !isSecondary(known)) {
      verdicts.set(candidate, {
        ...candidate.result,
        verdict: 'replaced',
        reason: `the test gives all nodes of a group the value of ${where(known)}: ${String(known.result.value)}`,
      })
      continue
    }
    if (!isRepeated(known, candidate)) throw contradiction(known, candidate)
    // As in Java's properties, the last value of a file counts.
    winners.set(idOf(candidate), candidate)
    verdicts.set(known, {
      ...known.result,
      verdict: 'no-effect',
      reason: `set again on line ${candidate.result.line}; the last value counts`,
    })
  }
  return {
    keys: all.map(one => verdicts.get(one) ?? one.result),
    settings: [...winners.values()].map(settingOf),
  }
}

/** The same key twice in one properties file, which YAML and JSON refuse. */
const isRepeated = (a: Classified, b: Classified) =>
  a.result.file === b.result.file && a.key.leaf.path.length === 1 && a.key.leaf.path[0] === b.key.leaf.path[0]

function contradiction(first: Classified, second: Classified): LossproofError {
  const name = first.result.name ?? first.result.key
  return new LossproofError(
    'usage',
    `${where(second)}: ${name} is ${String(second.result.value)} here, and ${String(first.result.value)} in ${where(first)}`,
    { hint: 'an audit tests one value of each setting: give the files of one deployment, or make them agree' },
  )
}

function settingOf({ result }: Classified): PlacedSetting {
  const { place = 'broker', name = '', value, file, line } = result
  return { place, name, value, from: { file, line } }
}
