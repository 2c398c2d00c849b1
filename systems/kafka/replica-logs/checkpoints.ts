/**
 * The small text files beside a broker's segments: a version, the number of entries, then one entry a line. A broker writes
 * each anew and renames it, so that a reader never meets half of one.
 */

/** `leader-epoch-checkpoint`: of each leader epoch, the offset with which it begins. Undefined for what has not that form. */
export function readEpochs(text: string): [epoch: number, offset: number][] | undefined {
  return entriesOf(text, ([epoch, offset]) => [Number(epoch), Number(offset)])
}

/**
 * `replication-offset-checkpoint` (high watermarks), `recovery-point-offset-checkpoint` (behind which nothing is known to be
 * synced), `log-start-offset-checkpoint`: an offset for each partition, by `topic-partition`. Undefined likewise.
 */
export function readOffsets(text: string): Map<string, number> | undefined {
  const entries = entriesOf<[string, number]>(text, ([topic, partition, offset]) => [
    `${topic}-${partition}`,
    Number(offset),
  ])
  return entries && new Map(entries)
}

function entriesOf<T>(text: string, parse: (words: string[]) => T): T[] | undefined {
  const [version, count, ...lines] = text.trim().split('\n')
  if (version !== '0' || lines.length !== Number(count)) return undefined
  return lines.map(line => parse(line.trim().split(' ')))
}
