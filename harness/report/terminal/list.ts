/** Scenarios with their claims, as text for the terminal. */
import { plural } from '../words/numbers.ts'
import { paragraph } from './fold.ts'

/** A scenario file. */
export interface ListedScenario {
  /** What commands take: `quick`, or a path below scenarios/. */
  name: string
  system: string
  /** One sentence. Empty where the file says nothing. */
  about: string
  claims: readonly { id: string; text: string }[]
}

export function listText(scenarios: readonly ListedScenario[], width: number): string {
  const lines = scenarios.flatMap(({ name, about, claims }) => [
    name,
    ...(claims.length === 0 ? [about] : claims.map(({ text }) => text)).flatMap(text => paragraph(text, '    ', width)),
  ])
  const count = claimCount(scenarios)
  return [
    ...lines,
    '',
    ...paragraph(
      `${plural(scenarios.length, 'scenario')} with ${plural(count, 'claim')}. A name, or the folder in it, is what plan and run take.`,
      '',
      width,
    ),
    '',
  ].join('\n')
}

/** Scenarios can share a claim. */
const claimCount = (scenarios: readonly ListedScenario[]): number =>
  new Set(scenarios.flatMap(({ claims }) => claims.map(({ id }) => id))).size
