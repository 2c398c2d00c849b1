import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faults } from '../../../faults/index.ts'
import type { TrialEvent } from '../../../history/events.ts'
import { sampleRun } from '../../testing/report/sample.ts'
import { kafkaConsumers, kafkaPair, rocketmqPair } from '../../testing/report/scenarios.ts'
import { clientsIn } from '../timeline/lane-timeline.ts'
import { drawTopology } from './draw.ts'
import { hitKind, hitsOf } from './hits.ts'
import type { Hit } from './hit-words.ts'
import { nodesOf } from './members.ts'
import { momentsOf } from './moments.ts'
import type { CellHistory } from './scene-parts.ts'
import { sceneText } from './scene-text.ts'
import { sceneAt } from './scene.ts'
import { svgText } from './svg.ts'

const hit = (change: Partial<Hit>): Hit => ({
  fault: 'f',
  target: 't',
  names: ['broker-1'],
  part: 'process',
  mark: 'gone',
  ends: false,
  from: 100,
  to: 200,
  ...change,
})

/** Broker 1 leads partition 0 until 150, then broker 2; broker 3 leaves the ISR at 120. */
const history = (hits: Hit[], change: Partial<CellHistory['trial']> = {}): CellHistory => ({
  trial: { nodes: ['broker-1', 'broker-2', 'broker-3', 'controller-1'], brokers: [], hits, ...change },
  lane: {
    clients: [
      { name: 'consumer-1', role: 'consumer' },
      { name: 'producer-1', role: 'producer' },
    ],
    partitions: [
      {
        p: 0,
        leaders: [
          { t: 10, leader: 1, epoch: 0 },
          { t: 150, leader: 2, epoch: 1 },
        ],
        isr: [
          { t: 10, isr: [1, 2, 3] },
          { t: 120, isr: [1, 2] },
        ],
      },
    ],
  },
  words: { leader: 'leader', inSync: 'ISR' },
})
const linksAt = (hits: Hit[], t: number) =>
  sceneAt(history(hits), t)
    .links.filter(({ mark }) => mark !== undefined)
    .map(({ from, to }) => `${from} ${to}`)

test('every fault of the table hits something', () => {
  for (const fault of faults) expect(() => hitKind(fault), fault.id).not.toThrow()
  expect(() => hitKind({ id: 'new', kind: 'cluster-link', effects: [] })).toThrow('which links new hits')
})

test('hits have the times of the fault and its heal, and an unknown fault is still shown', () => {
  const events: TrialEvent[] = [
    { kind: 'fault', t: 5, id: 'a-1', fault: 'crash', target: 'leader', nodes: ['broker-1'] },
    { kind: 'fault', t: 6, id: 'b-1', fault: 'of-another-version', target: 'leader', nodes: ['broker-2'] },
    { kind: 'healed', t: 9, id: 'a-1' },
  ]
  expect(hitsOf(events)).toMatchObject([
    { part: 'process', mark: 'gone', from: 5, to: 9 },
    { part: 'unknown', from: 6 },
  ])
  expect(sceneText(history(hitsOf(events)), 7).hit).toEqual([
    'crash leader: process of broker-1 ended',
    'of-another-version leader: broker-2 hit',
  ])
})

describe('at a moment', () => {
  test('roles, in-sync replicas and links are those that the observer had seen by then', () => {
    const roles = (t: number) => sceneAt(history([]), t).brokers.map(({ role }) => role)
    expect(roles(0)).toEqual(['leader 0', 'in sync', 'in sync'])
    expect(roles(130)).toEqual(['leader 0', 'in sync', 'not in sync'])
    expect(roles(150)).toEqual(['in sync', 'leader 0', 'not in sync'])
    const { links } = sceneAt(history([]), 150)
    expect(links.filter(({ kind }) => kind === 'client').map(({ to }) => to)).toEqual(['broker-2', 'broker-2'])
    expect(links.find(({ to }) => to === 'broker-3')).toMatchObject({ from: 'broker-2', kind: 'copy', behind: true })
    expect(sceneText(history([]), 150).seen).toEqual(['partition 0: leader broker-2, epoch 1; ISR: 1, 2'])
  })

  test('a fault marks its part only while it lasts', () => {
    const cut = [hit({ part: 'replication' })]
    expect(linksAt(cut, 99)).toEqual([])
    expect(linksAt(cut, 100)).toEqual(['broker-1 broker-2', 'broker-1 broker-3'])
    expect(linksAt(cut, 200)).toEqual([])
  })

  test.each<[Hit['part'], string[], string[]]>([
    ['other-nodes', ['broker-1'], ['broker-1 broker-2', 'broker-1 broker-3', 'broker-1 controller-1']],
    [
      'other-nodes',
      ['broker-1', 'controller-1'],
      ['broker-1 broker-2', 'broker-1 broker-3', 'controller-1 broker-2', 'controller-1 broker-3'],
    ],
    ['client-links', ['producer-2', 'producer-3'], ['producer-1 broker-2', 'producer-1 broker-3']],
    [
      'every-link',
      ['controller-1'],
      [
        'controller-1 broker-1',
        'controller-1 broker-2',
        'controller-1 broker-3',
        'producer-1 controller-1',
        'consumer-1 controller-1',
      ],
    ],
    ['across-ring', ['broker-1', 'broker-2', 'broker-3'], []],
    ['process', ['broker-1'], []],
  ])('%s of %j', (part, names, links) => {
    expect(linksAt([hit({ part, names })], 100).toSorted()).toEqual(links.toSorted())
  })

  test('disk faults mark the disk, and the process where it ends as well', () => {
    const node = (change: Partial<Hit>) => sceneAt(history([hit(change)]), 100).brokers[0]
    expect(node({ part: 'disk', mark: 'slow' })).toMatchObject({ disk: 'slow' })
    expect(node({ part: 'disk', mark: 'slow' })).not.toHaveProperty('process')
    expect(node({ part: 'disk', ends: true })).toMatchObject({ disk: 'gone', process: 'gone' })
    expect(node({ part: 'machine', ends: true })).toMatchObject({ disk: 'gone', process: 'gone' })
  })

  test('a node that the observer does not reach is down, and its links are idle', () => {
    const scene = sceneAt(
      history([], {
        brokers: [
          { broker: 'broker-1', t: 20, up: true },
          { broker: 'broker-1', t: 30, up: false },
        ],
      }),
      40,
    )
    expect(scene.brokers.map(({ down }) => down)).toEqual([true, false, false])
    expect(scene.links.filter(({ idle }) => idle).every(({ from, to }) => [from, to].includes('broker-1'))).toBe(true)
    expect(scene.links.some(({ idle }) => idle)).toBe(true)
  })
})

describe('members', () => {
  const nodes = ['broker-1', 'broker-2', 'broker-3', 'broker-4', 'broker-5']
  test('are the brokers of this cell; those of other cells are only counted', () => {
    expect(nodesOf(history([hit({ names: ['broker-1', 'broker-5'] })], { nodes }))).toEqual({
      brokers: ['broker-1', 'broker-2', 'broker-3'],
      others: [],
      left: ['broker-4', 'broker-5'],
    })
    const text = sceneText(history([hit({ names: ['broker-1', 'broker-5'] })], { nodes }), 100)
    expect(text.hit).toEqual(['f t: process of broker-1 ended'])
  })

  test('include the nodes of a fault that hit none of them', () => {
    expect(nodesOf(history([hit({ names: ['broker-5'] })], { nodes })).brokers).toContain('broker-5')
  })

  test('of the sample runs have producers, and consumers where the lane has some', () => {
    for (const [text, clients] of [
      [kafkaPair, ['producer-1']],
      [kafkaConsumers, ['producer-1', 'consumer-1', 'consumer-2']],
      [rocketmqPair, ['producer-1']],
    ] as const) {
      const { trials, lanes } = sampleRun(text)
      const [trial, lane] = [[...trials.values()][0], [...lanes.values()][0]]
      if (!trial || !lane) throw new Error('no sample')
      const scene = sceneAt({ trial, lane, words: { leader: 'leader', inSync: 'ISR' } }, 0)
      expect(scene.clients.map(({ name }) => name)).toEqual(clients)
    }
  })
})

test('clients are known by the files that they wrote, each once', () => {
  expect(
    clientsIn(['consumer-1.2.jsonl', 'consumer-1.jsonl', 'observer-1.jsonl', 'producer-2.jsonl', 'reader-1.jsonl']),
  ).toEqual([
    { name: 'consumer-1', role: 'consumer' },
    { name: 'producer-2', role: 'producer' },
  ])
})

test('a fault of clients that are not of the cell hit nothing of it, unless its clients are not known', () => {
  const killed = history([hit({ part: 'client', names: ['producer-9'] })])
  expect(sceneText(killed, 100).hit).toEqual(['f t: hit nothing of this cell'])
  const { clients: _, ...lane } = killed.lane
  expect(sceneText({ ...killed, lane }, 100).hit).toEqual(['f t: client process producer-9 ended'])
})

test('moments are the faults, new leaders and heals in order, and what comes together is one moment', () => {
  const moments = momentsOf(
    {
      span: { from: 0, to: 1000 },
      hits: [hit({}), hit({ fault: 'g', from: 120 }), hit({ fault: 'h', from: 5000, to: 6000 })],
    },
    history([]).lane,
  )
  expect(moments.map(({ text, hit: isHit }) => [text, isHit])).toEqual([
    ['before, f t, g t, leader changed', true],
    ['f healed, g healed', false],
    ['at the end', false],
  ])
  const apart = momentsOf({ span: { from: 0, to: 9000 }, hits: [hit({ from: 3000, to: 6000 })] }, { partitions: [] })
  expect(apart.map(({ t, text }) => [t, text])).toEqual([
    [0, 'before'],
    [3000, 'f t'],
    [6000, 'f healed'],
    [9000, 'at the end'],
  ])
})

test('a drawing stays within its own size for any number of nodes and any width', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 100, max: 1600 }),
      (count, others, width) => {
        const nodes = [
          ...Array.from({ length: count }, (_, at) => `broker-${at + 1}`),
          ...Array.from({ length: others }, (_, at) => `controller-${at + 1}`),
        ]
        const made = history([hit({ part: 'every-link' })], { nodes })
        const drawing = drawTopology(sceneAt({ ...made, lane: { ...made.lane, partitions: [] } }, 100), width)
        for (const shape of drawing.shapes) {
          if (shape.kind !== 'rect') continue
          expect(shape.x).toBeGreaterThanOrEqual(0)
          expect(shape.x + shape.width).toBeLessThanOrEqual(drawing.width + 1)
          expect(shape.y + shape.height).toBeLessThanOrEqual(drawing.height)
        }
      },
    ),
  )
})

test('names in a picture are text, whatever they are', () => {
  const svg = svgText(
    { width: 1, height: 1, shapes: [{ kind: 'text', x: 0, y: 0, text: '</text><b>&"', look: 'x', anchor: 'start' }] },
    '<script>',
  )
  expect(svg).toContain('&lt;/text&gt;&lt;b&gt;&amp;&quot;')
  expect(svg).not.toContain('<script>')
})
