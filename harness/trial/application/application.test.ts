import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { EventLog } from '../../../history/appender.ts'
import { laneFile } from '../../../history/folder.ts'
import { readEvents, readLaneFile } from '../../../history/reader.ts'
import type { LaneRecord } from '../../../history/records.ts'
import { Trial } from '../../../model/plan.ts'
import { handling } from '../../../model/testing/handling.ts'
import { AppProcess } from './app-process.ts'
import type { FollowedApplications, OutputRecord } from '../../../systems/shared/followed-applications.ts'
import { idOf, tagOf } from '../../../workloads/application/ids.ts'
import { asText } from '../../../workloads/clients/command/words.ts'
import { encodeFence } from '../../../workloads/payload.ts'
import { Fleet } from '../clients/fleet.ts'
import { clientProcess } from '../clients/process.ts'
import { fakeTrial } from '../testing/fake-trial.ts'
import { janitor, t0 } from '../testing/own-client.ts'
import { waitUntilJoined } from './join.ts'
import { readOutputs } from './read-output.ts'
import { ApplicationWatch } from './watch.ts'

const signal = new AbortController().signal

/** A fleet with one application, which is a script for Node. */
function fleetOf(script: string, own: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-app-'))
  const lane = {
    lane: 'a',
    file: join(folder, 'unused.jsonl'),
    client: 'application',
    bootstrap: ['127.0.0.1:1', '127.0.0.1:2'],
    clientId: 'a',
    topic: 't.orders.a',
    out: 't.invoices.a',
    instance: 0,
    group: 'g',
    settings: {},
    clientSettings: { command: asText([process.execPath, '-e', script, '{in}', '{bootstrap}']), folder, ...own },
    handling,
    stores: folder,
    payload: 'lossproof' as const,
    folder,
  }
  const make = (name: string) =>
    clientProcess(
      { role: 'consumer', process: name, t0, lanes: [lane] },
      { janitor: janitor as never, host: {} as never, folder, signal },
    )
  return { folder, fleet: new Fleet([{ name: 'app-1', lanes: ['a'], make }]) }
}

const idle = 'setInterval(() => {}, 1000)'
const laneWithApp = Trial.parse(
  (() => {
    const trial = fakeTrial({ consumer: true })
    const app = { out: { name: 't.invoices.a' }, correlate: 'key' }
    return { ...trial, lanes: trial.lanes.map(lane => ({ ...lane, app })) }
  })(),
)
const [lane] = laneWithApp.lanes
if (!lane) throw new Error('a lane')

describe('an application', () => {
  it('learns of its topics from its environment and its command line, and may print what it likes', async () => {
    const script = `const { BOOTSTRAP_SERVERS: b, INPUT_TOPIC: i, OUTPUT_TOPIC: o, GROUP_ID: g, INSTANCE: n, MY: m } = process.env
      console.log('no record')
      require('fs').writeFileSync('seen.json', JSON.stringify([b, i, o, g, n, m, ...process.argv.slice(1)]))
      ${idle}`
    const { fleet, folder } = fleetOf(script, { 'env.MY': 'orders={in}' })
    await fleet.start()
    const seen = () => {
      try {
        return JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')) as unknown
      } catch {
        return undefined
      }
    }
    const addresses = '127.0.0.1:1,127.0.0.1:2'
    await expect
      .poll(seen, { timeout: 20_000 })
      .toEqual([addresses, 't.orders.a', 't.invoices.a', 'g', '0', 'orders=t.orders.a', 't.orders.a', addresses])
    await fleet.kill()
  })

  it('is killed, started again, frozen and woken', async () => {
    const { fleet } = fleetOf(idle)
    const app = { name: 'app-1' }
    await fleet.start()
    await fleet.end(app, 'SIGKILL')
    expect(fleet.state(app)).toMatchObject({ running: false, ended: 'signal SIGKILL', finished: true })
    expect(await fleet.restart(app)).toBe(true)
    await fleet.freeze(app)
    expect(fleet.state(app)).toMatchObject({ running: true, frozen: true })
    await fleet.wake(app)
    expect(fleet.state(app)).toMatchObject({ running: true, frozen: false })
    await fleet.end(app, 'SIGTERM')
    expect(fleet.state(app)).toMatchObject({ running: false, ended: 'signal SIGTERM', finished: true })
    expect(fleet.diedIn('a')).toEqual([])
  })

  it.each([
    ['process.exit(0)', /app-1\) did not start: it ended by itself: exit code 0/],
    [
      `console.error('first'); console.error('no such module'); process.exit(1)`,
      /ended by itself: exit code 1; last lines of its standard error: first \| no such module/,
    ],
  ])('that ends at once is reported with its last lines: %s', async (script, message) => {
    const { fleet } = fleetOf(script)
    await fleet.start().catch(() => {})
    const applications = { groupState: async () => 'Empty' } as unknown as FollowedApplications
    await expect(waitUntilJoined(lane, { applications, fleet, signal }, 20_000)).rejects.toThrow(message)
    await fleet.kill()
  })

  it('that never joins its group is reported with what was seen', async () => {
    const { fleet } = fleetOf(idle)
    await fleet.start()
    const applications = { groupState: async () => 'Empty' } as unknown as FollowedApplications
    await expect(waitUntilJoined(lane, { applications, fleet, signal }, 200)).rejects.toMatchObject({
      seen: 'its process runs, and the state of the group is Empty',
    })
    await fleet.kill()
  })
})

/** An output with these records; `problem`: what it answers instead. */
function outputOf(records: OutputRecord[], problem?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-app-'))
  const log = new EventLog(join(folder, 'events.jsonl'))
  const all = [...records]
  const output = () => {
    let next = 0
    return {
      read: async () => {
        if (problem !== undefined) throw new Error(problem)
        const found = all.slice(next)
        next = all.length
        return found
      },
      unreadable: async () => ['a transaction is open'],
      positions: () => [{ p: 0, o: next }],
    }
  }
  const fence = { key: null, headers: [], timestamp: Date.now(), p: 0, value: encodeFence('a', 'output-0') }
  const applications = {
    output,
    groupState: async () => 'Stable',
    writeFence: async () => {
      all.push({ ...fence, o: all.length })
      return { value: all.length - 1, seen: '' }
    },
  } as unknown as FollowedApplications
  const system = { applications, groupOffsets: async () => new Map([[0, 2]]) } as never
  const tag = tagOf(log.t0, 'a')
  const recordsIn = (process: string) => {
    const read: LaneRecord[] = []
    readLaneFile(
      laneFile(folder, 't', 'a', process),
      () => {},
      record => read.push({ ...record }),
    )
    return read
  }
  return {
    folder,
    log,
    all,
    applications,
    system,
    tag,
    recordsIn,
    events: () => readEvents(join(folder, 'events.jsonl')),
  }
}

const written = (o: number, key: string): OutputRecord => ({
  p: 0,
  o,
  timestamp: Date.now(),
  key: Buffer.from(key),
  value: Buffer.from('{}'),
  headers: [],
})

test('what an application wrote is read to a fence behind it, and what names no input is shown', async () => {
  const { all, tag, log, system, folder, recordsIn, events } = outputOf([])
  all.push(written(0, idOf(tag, 5)), written(1, 'nothing'), written(2, idOf('00000000', 6)))
  await readOutputs({ trial: laneWithApp, system, log, signal }, folder)
  expect(recordsIn('app-output')).toMatchObject([
    { op: 'came-out', s: 5, o: 0 },
    { op: 'came-out', o: 1, c: 'uncorrelated' },
    { op: 'came-out', o: 2, c: 'foreign' },
    { op: 'output-end', p: 0, o: 4 },
  ])
  expect(events()).toMatchObject([{ kind: 'unnamed-output', o: 1, seen: 'key "nothing", value "{}", headers none' }])
})

test('an output that cannot be read has no end, and the event says why', async () => {
  const { log, system, folder, recordsIn, events } = outputOf([], 'the topic t.invoices.a does not exist')
  await readOutputs({ trial: laneWithApp, system, log, signal }, folder, { fenceMs: 100, readMs: 100 })
  expect(recordsIn('app-output')).toEqual([])
  expect(events()).toMatchObject([
    {
      kind: 'wait-expired',
      lane: 'a',
      what: 't.invoices.a read to its end',
      seen: expect.stringContaining('does not exist') as string,
    },
  ])
})

test('the watch counts each input once, records how far the group is, and knows a look that began after it was asked', async () => {
  const { all, tag, log, system, applications, folder, recordsIn } = outputOf([])
  all.push(written(0, idOf(tag, 5)), written(1, idOf(tag, 5)), written(2, idOf(tag, 6)))
  const watch = new ApplicationWatch({ applications, system, lanes: [lane], folder, trial: 't', log })
  watch.start()
  await watch.look()
  expect(watch.status('a')).toEqual({ processed: 2, committed: 2 })
  expect(watch.isSettled('a')).toBe(true)
  await watch.stop()
  expect(recordsIn('app-group')).toMatchObject([{ op: 'committed', p: 0, o: 2 }])
  expect(recordsIn('app-seen')).toMatchObject([{ op: 'seen-out', s: 5 }, { op: 'seen-out', s: 5 }, { s: 6 }])
})

test('a process that could not be started is not open, so nobody waits for its end', async () => {
  const process = new AppProcess({
    start: async () => Promise.reject(new Error('no such image')),
    tell: () => {},
    signal: async () => {},
    stopped: false,
    errors: '',
    remove: async () => {},
  })
  await expect(process.open(() => {})).rejects.toThrow('no such image')
  expect(process.opened).toBe(false)
})
