/** `seed 1; began 2026-11-30 09:51 UTC and took 42 s; broker 4.3.1`: what a run is known by, beside its verdict. */
import { duration } from '../words/numbers.ts'
import { systemLabel } from '../words/systems.ts'
import type { RunFacts } from './run-facts.ts'

export function factsLine(seed: number, { started, tookMs, versions }: RunFacts): string {
  const time = [
    ...(started === undefined ? [] : [`began ${started.slice(0, 16).replace('T', ' ')} UTC`]),
    ...(tookMs === undefined ? [] : [`took ${duration(tookMs)}`]),
  ]
  const named = Object.entries(versions).map(([name, version]) => `${systemLabel(name)} ${version}`)
  return [`seed ${seed}`, time.join(' and '), named.join(', ')].filter(text => text !== '').join('; ')
}
