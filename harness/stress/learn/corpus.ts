/** What the trials so far have taught. It is kept as a file, so that the next stress goes on from there. */
import { pairName } from '../../../model/stress/stress.ts'
import type { Corpus, Draw, StressTrial } from '../../../model/stress/stress.ts'

const mostEntries = 200

export const emptyCorpus = (system: string): Corpus => ({
  schema: 1,
  system,
  pairs: {},
  dangers: {},
  features: {},
  entries: [],
})

/** Of these features, those that no trial has shown yet. */
export const freshOf = (corpus: Corpus, features: readonly string[]): string[] =>
  features.filter(feature => corpus.features[feature] === undefined)

/** The corpus after a trial. An inconclusive trial covers nothing, and what it showed may be wrong. */
export function learned(corpus: Corpus, { draw, outcome, features, fresh, dangers }: StressTrial): Corpus {
  if (outcome === 'inconclusive' || outcome === 'judge-failed') return corpus
  const calls = draw.steps.flatMap(({ inject }) => inject.map(pairName))
  const entries = corpus.entries.map(entry =>
    entry.draw.number === draw.from ? { ...entry, children: entry.children + 1 } : entry,
  )
  return {
    ...corpus,
    pairs: counted(corpus.pairs, calls),
    dangers: counted(corpus.dangers, dangers),
    features: counted(corpus.features, features),
    entries: fresh.length === 0 ? entries : [...entries, { draw, fresh, children: 0 }].slice(-mostEntries),
  }
}

function counted(counts: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> {
  const added = { ...counts }
  for (const name of new Set(names)) added[name] = (added[name] ?? 0) + 1
  return added
}

/** Draws with how often their neighbours should be drawn: the more they showed, the rarer they were tried. */
export const promising = ({ entries }: Corpus): (readonly [Draw, number])[] =>
  entries.map(({ draw, fresh, children }) => [draw, fresh.length / (1 + children)] as const)

/** Draws in which replicas held acknowledged messages alone, and nothing was lost yet. */
export const exposing = ({ entries }: Corpus): (readonly [Draw, number])[] =>
  entries
    .filter(({ fresh }) => fresh.some(feature => feature.startsWith('held by ')))
    .map(({ draw, fresh, children }) => [draw, fresh.length / (1 + children)] as const)
