/**
 * Like Promise.all, but rejects only after every promise has settled. So when the start of one part of a cluster fails, no
 * other part is still being created while the cluster is removed.
 */
export async function allSettled<const T extends readonly Promise<unknown>[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}
