/** Runs `work` for all targets at once; results by target name. Waits for all of them, then throws the first failure. */
export async function byName<T extends { name: string }, R>(
  targets: readonly T[],
  work: (target: T) => Promise<R>,
): Promise<Map<string, R>> {
  const results = await Promise.allSettled(targets.map(async target => [target.name, await work(target)] as const))
  return new Map(
    results.map(result => {
      if (result.status === 'rejected') throw result.reason
      return result.value
    }),
  )
}

/** One entry for each target, by its name: what a fault saw of it. */
export function seenByName<R>(targets: readonly { name: string }[], seen: (name: string) => R): Record<string, R> {
  return Object.fromEntries(targets.map(({ name }) => [name, seen(name)]))
}

/** `byName` without results. */
export async function forEach<T extends { name: string }>(
  targets: readonly T[],
  work: (target: T) => Promise<unknown>,
): Promise<void> {
  await byName(targets, work)
}
