/** What reports print about a run beside its verdict: when it ran, how long, and with which versions. */

export interface TrialFacts {
  /** ISO 8601, UTC. */
  started?: string
  tookMs: number
}

export interface RunFacts {
  /** ISO 8601, UTC. Absent in runs of older versions. */
  started?: string
  tookMs?: number
  /** Of everything that took part, by name. */
  versions: Readonly<Record<string, string>>
  /** By trial id. A trial that did not end is missing. */
  trials: ReadonlyMap<string, TrialFacts>
}

export const noFacts: RunFacts = { versions: {}, trials: new Map() }

/** The facts of shards as those of one run. The shards ran side by side, so the longest one counts. */
export function mergedFacts(shards: readonly RunFacts[]): RunFacts {
  const started = shards.flatMap(shard => shard.started ?? []).toSorted()[0]
  const took = shards.flatMap(shard => shard.tookMs ?? [])
  return {
    ...(started === undefined ? {} : { started }),
    ...(took.length === 0 ? {} : { tookMs: Math.max(...took) }),
    versions: Object.assign({}, ...shards.map(({ versions }) => versions)),
    trials: new Map(shards.flatMap(({ trials }) => [...trials])),
  }
}
