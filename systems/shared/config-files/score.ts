import type { ConfigDocument, KnownSettings, SettingPlace } from './types.ts'

/** What a file name that speaks for a place is worth: more than a few names that several places share. */
const fileNameWeight = 5
/** What a name is worth that only one of the places knows. */
const ownNameWeight = 10

/**
 * How well the keys of a properties document fit one of several places: names that only this place knows count most, names
 * that it shares with others little, and the file name decides between equals. 0 when nothing speaks for the place.
 */
export function scoreByNames(
  document: ConfigDocument,
  known: KnownSettings,
  place: SettingPlace,
  places: readonly SettingPlace[],
  fileName: RegExp,
): number {
  const base = document.file.split('/').at(-1) ?? ''
  let score = fileName.test(base) ? fileNameWeight : 0
  for (const { path } of document.leaves) {
    const name = path[0] ?? ''
    if (!known.has(place, name)) continue
    score += places.some(other => other !== place && known.has(other, name)) ? 1 : ownNameWeight
  }
  return score
}
