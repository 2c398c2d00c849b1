/**
 * The small text files beside a broker's segments: a version, the number of entries, then one entry a line. A broker
 * replaces each file by renaming a new one, so a reader never sees half a file.
 */

/** `leader-epoch-checkpoint`: the offset at which each leader epoch begins. Undefined for text of another form. */
export function readEpochs(text: string): [epoch: number, offset: number][] | undefined {
  return entriesOf(text, ([epoch, offset]) => [Number(epoch), Number(offset)])
}

/**
 * `replication-offset-checkpoint` (high watermarks), `recovery-point-offset-checkpoint` (up to which the log is surely
 * synced), `log-start-offset-checkpoint`: an offset for each `topic-partition`. Undefined for text of another form.
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
