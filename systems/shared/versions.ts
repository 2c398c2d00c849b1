/** Which versions of a system can be built: those that Maven Central has, and newer ones that this list does not know. */

/** Compares `4.10.0` and `4.9.1` by their numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map(text => text.split('.').map(Number))
  for (let at = 0; at < 3; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** `published`: the known versions of every supported line, in any order. Undefined when an image can be built. */
export function refuseUnpublished(version: string, published: readonly string[], why: string): string | undefined {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return `expected a version such as ${published.at(-1) ?? '1.0.0'}`
  const [oldest = '', ...others] = published.toSorted(compareVersions)
  const newest = others.at(-1) ?? oldest
  if (published.includes(version) || compareVersions(version, newest) > 0) return undefined
  if (compareVersions(version, oldest) < 0) return `${why}; the oldest supported version is ${oldest}`
  return `this version is not published on Maven Central, which has ${published.filter(known => sameLine(known, version)).join(', ')}`
}

/** Whether a version is newer than every known one, so that nobody knows whether an image can be built. */
export const isNewer = (version: string, known: readonly string[]): boolean =>
  known.every(one => compareVersions(version, one) > 0)

const sameLine = (a: string, b: string) => a.split('.')[0] === b.split('.')[0]
