/** Faults of a trial as people read them. */

interface NamedFault {
  fault: string
  target: string
}

/** Each fault at its target, in order: `cut-replication leader, crash leader`. A repetition is counted, not listed. */
export function faultsText(faults: readonly NamedFault[]): string {
  const times = new Map<string, number>()
  for (const { fault, target } of faults) times.set(`${fault} ${target}`, (times.get(`${fault} ${target}`) ?? 0) + 1)
  return [...times].map(([text, count]) => (count > 1 ? `${text}, ${count} times` : text)).join('; ')
}

/** The faults without their numbers of repetitions, for comparing cells: `cut-replication leader, crash leader`. */
export function faultsKey(faults: readonly NamedFault[]): string {
  return [...new Set(faults.map(({ fault, target }) => `${fault} ${target}`))].join(', ')
}
