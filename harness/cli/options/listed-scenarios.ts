/** Shipped scenarios with what each of them claims, for `lossproof list`. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ListedScenario } from '../../report/terminal/list.ts'
import { loadScenarios } from './scenarios.ts'
import { shippedFolder, shippedName, yamlIn } from './shipped.ts'

/**
 * Those of the named folders and scenarios, or all. One for each file; scenarios of one file that share a claim count once.
 * Throws as `loadScenarios` does.
 */
export function listedScenarios(words: readonly string[]): ListedScenario[] {
  const sources = loadScenarios(words.length === 0 ? yamlIn(shippedFolder) : [...words])
  return [...Map.groupBy(sources, ({ file }) => resolve(file))].map(([file, members]) => {
    const claims = members.flatMap(({ scenario: { name, claim } }) =>
      claim === undefined ? [] : [typeof claim === 'string' ? { id: name, text: claim } : claim],
    )
    return {
      name: shippedName(file).startsWith('..') ? file : shippedName(file),
      system: members[0]?.scenario.system ?? '',
      about: members[0]?.scenario.description ?? openingComment(readFileSync(file, 'utf8')),
      claims: [...new Map(claims.map(({ id, text }) => [id, { id, text: text.trim() }])).values()],
    }
  })
}

/** The first sentence of the comment at the top of a scenario. */
function openingComment(text: string): string {
  const lines = text.split('\n')
  const end = lines.findIndex(line => !/^# ?\S/.test(line))
  const comment = lines
    .slice(0, Math.max(0, end))
    .map(line => line.replace(/^# ?/, ''))
    .join(' ')
  return /^.*?[.:](?= |$)/.exec(comment)?.[0].replace(/:$/, '.') ?? comment
}
