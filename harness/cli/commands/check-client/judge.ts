/** What the history of a check says about the client. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { laneFolder } from '../../../../history/folder.ts'
import { readLaneFile } from '../../../../history/reader.ts'
import type { LaneRecord } from '../../../../history/records.ts'
import { checkLaneFolder } from '../../judging/lane-folder.ts'
import type { CheckSite } from './site.ts'
import { missing } from './steps.ts'
import type { Seen } from './steps.ts'

type Op<K extends LaneRecord['op']> = Extract<LaneRecord, { op: K }>

export function judgeFormat(site: CheckSite): Seen {
  const { counts } = verdictOf(site)
  const foreign = of(site, 'stored').filter(({ c }) => c === 'foreign').length
  if (counts.corrupt > 0) return missing(`${counts.corrupt} records have a wrong checksum`)
  if (foreign > 0) return missing(`${foreign} records are no messages of this lane`)
  return `${counts.stored} stored messages were read`
}

export function judgeSent(site: CheckSite): Seen {
  const { counts } = verdictOf(site)
  return counts.unexpected === 0
    ? `${counts.stored} messages, also those of the process that was killed`
    : missing(`${counts.unexpected} stored messages were never printed as sent`)
}

export function judgeOffsets(site: CheckSite): Seen {
  const { lost, clientLost } = verdictOf(site).counts
  if (lost + clientLost > 0) return missing(`${lost + clientLost} acknowledged messages are not stored`)
  const places = placesOf(site)
  const acked = of(site, 'acked').filter(({ p, o }) => p !== undefined && o !== undefined)
  if (acked.length === 0) return { untested: 'no "acked" has a partition and an offset' }
  const untrue = acked.filter(({ s, p, o }) => places.get(`${p}:${o}`) !== s)
  const stored = new Map([...places].map(([place, s]) => [s, place.split(':')[0]]))
  const elsewhere = of(site, 'sent').filter(({ s, p }) => stored.has(s) && stored.get(s) !== String(p))
  const [first] = untrue
  if (first)
    return missing(
      `${untrue.length} of ${acked.length}; message ${first.s} is not at partition ${first.p}, offset ${first.o}`,
    )
  const [other] = elsewhere
  if (other)
    return missing(
      `message ${other.s} was printed as sent to partition ${other.p} and is stored in ${stored.get(other.s)}`,
    )
  return `all ${acked.length} acknowledgements`
}

export function judgeDeliveries(site: CheckSite): Seen {
  const places = placesOf(site)
  const handled = [...of(site, 'delivered'), ...of(site, 'processed')]
  const untrue = handled.filter(({ s, p, o }) => places.get(`${p}:${o}`) !== s)
  const [first] = untrue
  return first
    ? missing(
        `${untrue.length} of ${handled.length}; message ${first.s} is not at partition ${first.p}, offset ${first.o}`,
      )
    : `all ${handled.length} records`
}

export function judgeProcessed(site: CheckSite): Seen {
  const { counts } = verdictOf(site)
  const { stored, processed, skipped, stalled, phantom } = counts
  if (phantom > 0) return missing(`${phantom} messages were processed that nobody sent`)
  const wrong = [skipped > 0 ? `${skipped} skipped` : '', stalled > 0 ? `${stalled} not reached` : ''].filter(Boolean)
  return wrong.length === 0 ? `${processed} of ${stored}` : missing(`${wrong.join(', ')}, of ${stored} stored`)
}

export function judgeCommits(site: CheckSite): Seen {
  const told = new Map<number, number>()
  for (const { p, o } of of(site, 'committed')) told.set(p, Math.max(told.get(p) ?? 0, o))
  if (told.size === 0) return missing('it printed no "committed"')
  for (const { p, o } of of(site, 'group-offset')) {
    const own = told.get(p) ?? 0
    if (own > o) return missing(`partition ${p}: it printed ${own}, the broker reports ${o}`)
  }
  return [...told].map(([p, o]) => `partition ${p}: ${o}`).join(', ')
}

const folderOf = ({ folder, trial }: CheckSite): string => laneFolder(folder, trial.id, trial.lanes[0]?.id ?? '')

const verdictOf = (site: CheckSite) => checkLaneFolder(folderOf(site), [], site.trial.lanes[0]?.topic.partitions)

/** All records of one kind, of all processes. */
function of<K extends LaneRecord['op']>(site: CheckSite, op: K): Op<K>[] {
  const found: Op<K>[] = []
  for (const name of readdirSync(folderOf(site)).filter(file => file.endsWith('.jsonl')))
    readLaneFile(
      join(folderOf(site), name),
      () => {},
      record => {
        if (record.op === op) found.push({ ...record } as Op<K>)
      },
    )
  return found
}

/** The final log: message numbers by `partition:offset`. */
function placesOf(site: CheckSite): ReadonlyMap<string, number> {
  return new Map(of(site, 'stored').flatMap(({ s, p, o }) => (s === undefined ? [] : [[`${p}:${o}`, s] as const])))
}
