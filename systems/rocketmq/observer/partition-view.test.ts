import { describe, expect, test } from 'vitest'
import type { BrokerReport } from './reports.ts'
import { BrokerLives, classicView, controllerView, ReportedMasters } from './partition-view.ts'

const report = (askedAt: number, logEnd: number, bootedAt = 1): BrokerReport => ({
  askedAt,
  bootedAt,
  logEnd,
  isMaster: undefined,
  slaves: [],
})

/** Reports of master 1 and slave 2, in the order of their times. */
function seen(reports: [id: number, report: BrokerReport][], alive = [1, 2]) {
  const lives = new BrokerLives()
  for (const [id, one] of reports) lives.add(id, one)
  const last = new Map(
    alive.flatMap(id => {
      const found = reports.findLast(([of]) => of === id)
      return found ? [found] : []
    }),
  )
  return classicView([1, 2], last, lives)
}

describe('a classic broker group', () => {
  test('has no view until its master has answered once', () => {
    expect(seen([[2, report(0, 100)]])).toBeUndefined()
  })

  test("a slave is in sync when its log is as long as the master's was 400 ms ago", () => {
    const before: [number, BrokerReport][] = [
      [1, report(0, 1000)],
      [2, report(10, 1000)],
    ]
    expect(seen([...before, [1, report(1000, 5000)], [2, report(1010, 1000)]])?.isr).toEqual([1, 2])
    expect(
      seen([
        ...before,
        [1, report(500, 5000)],
        [2, report(510, 1000)],
        [1, report(1000, 9000)],
        [2, report(1010, 1000)],
      ])?.isr,
    ).toEqual([1])
  })

  test('a slave that was ahead of its master is not in sync: the master has lost its log', () => {
    const lost: [number, BrokerReport][] = [
      [1, report(0, 9000)],
      [2, report(10, 9000)],
      [1, report(3000, 100, 2)],
      [2, report(3010, 9000)],
    ]
    expect(seen([...lost, [1, report(4000, 200, 2)], [2, report(4010, 9000)]])).toEqual({
      leader: 1,
      epoch: 1,
      replicas: [1, 2],
      isr: [1],
    })
  })

  test('each restart of the master begins an epoch, and while it does not answer the group has no master', () => {
    expect(
      seen([
        [1, report(0, 1)],
        [1, report(100, 1)],
      ]),
    ).toMatchObject({ leader: 1, epoch: 0 })
    expect(
      seen([
        [1, report(0, 1)],
        [1, report(100, 1, 7)],
      ]),
    ).toMatchObject({ leader: 1, epoch: 1 })
    expect(seen([[1, report(0, 1)]], [])).toEqual({ leader: -1, epoch: 0, replicas: [1, 2], isr: undefined })
  })
})

describe("a broker group of a cluster of the user's own", () => {
  /**
   * The view after an answer of brokers 1 and 2: whether each is master, or `silent`. `listed`: the masters that name servers
   * list; `boots`: when each broker was started.
   */
  function viewer() {
    const masters = new ReportedMasters()
    const lives = new BrokerLives()
    return (roles: (boolean | undefined | 'silent')[], listed: number[], boots = [1, 1]) => {
      const reports = new Map<number, BrokerReport>()
      for (const [at, isMaster] of roles.entries()) {
        if (isMaster === 'silent') continue
        lives.add(at + 1, report(100, 500, boots[at]))
        reports.set(at + 1, lives.add(at + 1, { ...report(1000, 500, boots[at]), isMaster }))
      }
      return masters.view('a', [1, 2], listed, reports, lives)
    }
  }

  test('the master is the broker that reports that it is one, whatever name servers still list', () => {
    const view = viewer()
    expect(view(['silent', 'silent'], [1])).toBeUndefined()
    expect(view([true, false], [1])).toEqual({ leader: 1, epoch: 0, replicas: [1, 2], isr: [1, 2] })
    expect(view([false, true], [1])).toMatchObject({ leader: 2, epoch: 1 })
    expect(view([false, true], [2])).toMatchObject({ leader: 2, epoch: 1 })
  })

  test('a restart of the master begins an epoch, and one of a slave does not', () => {
    const view = viewer()
    expect(view([true, false], [1])?.epoch).toBe(0)
    expect(view([true, false], [1], [1, 7])?.epoch).toBe(0)
    expect(view([true, false], [1], [7, 7])?.epoch).toBe(1)
  })

  test('where it is not certain who the master is, no master is named, and the slaves in sync are unknown', () => {
    const view = viewer()
    expect(view([true, true], [1, 2])).toEqual({ leader: -1, epoch: 0, replicas: [1, 2], isr: undefined })
    expect(view([false, false], [1])?.leader).toBe(-1)
    expect(view(['silent', false], [1])?.leader).toBe(-1)
    expect(view([true, true], [2])?.leader).toBe(2)
  })

  test('brokers that do not report their role have the one that all name servers list', () => {
    const view = viewer()
    expect(view([undefined, undefined], [1, 1])?.leader).toBe(1)
    expect(view([undefined, undefined], [1, 2])?.leader).toBe(-1)
    expect(view([undefined, undefined], [-1])?.leader).toBe(-1)
    expect(view([undefined, undefined], [])?.leader).toBe(-1)
  })
})

test('in controller mode the controller decides which broker leads and which are in sync', () => {
  expect(controllerView([1, 2], { askedAt: 0, master: 2, epoch: 3, syncStateSet: [2] })).toEqual({
    leader: 2,
    epoch: 3,
    replicas: [1, 2],
    isr: [2],
  })
  expect(controllerView([1, 2], undefined)).toBeUndefined()
})

test('while no controller answers, the last master leads as long as it reports that it is master', () => {
  const last = { askedAt: 0, master: 2, epoch: 3, syncStateSet: [1, 2] }
  const brokers = (isMaster: boolean) => new Map([[2, { isMaster }]])
  expect(controllerView([1, 2], undefined, last, brokers(true))).toEqual({
    leader: 2,
    epoch: 3,
    replicas: [1, 2],
    isr: undefined,
  })
  expect(controllerView([1, 2], undefined, last, brokers(false))?.leader).toBe(-1)
  expect(controllerView([1, 2], undefined, last, new Map())?.leader).toBe(-1)
  // Another broker that believes to be master was not elected.
  expect(controllerView([1, 2], undefined, last, new Map([[1, { isMaster: true }]]))?.leader).toBe(-1)
})
