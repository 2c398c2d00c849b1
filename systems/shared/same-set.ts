/** Whether two lists without repetitions have the same members, in any order. */
export function sameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every(member => b.includes(member))
}
