import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { nodesOf, serverProperties } from '../../systems/kafka/properties.ts'
import { candidates, namedEngine } from './engine.ts'
import { readBuildOutput } from '../images/build.ts'
import { hashOf } from '../images/context.ts'
import { ownerIsGone, ownerOf } from './labels.ts'
import { countDropped, partingRules } from '../network/netfilter.ts'
import { addressIn } from '../network/network.ts'

describe('owners', () => {
  test("this process is not gone; another start of its pid is; another machine's is never called gone", () => {
    const owner = ownerOf(process.pid)
    const [host = '', boot = '', pid = '', start = ''] = owner.split('/')
    expect(ownerIsGone(owner)).toBe(false)
    expect(ownerIsGone([host, boot, pid, `${start}1`].join('/'))).toBe(true)
    expect(ownerIsGone([host, 'earlier-boot', pid, start].join('/'))).toBe(true)
    expect(ownerIsGone(['elsewhere', boot, pid, '1'].join('/'))).toBe(false)
  })
})

describe('the engine is looked for', () => {
  test('at DOCKER_HOST alone when it is set', () => {
    expect(candidates({ DOCKER_HOST: 'tcp://x:1' }, '/none')).toEqual([{ host: 'tcp://x:1', source: 'DOCKER_HOST' }])
  })

  test("at the usual sockets otherwise, the system's first", () => {
    expect(candidates({}, '/none')[0]?.host).toBe('unix:///var/run/docker.sock')
  })

  test('never anywhere else when a context is named that is not there', () => {
    expect(() => candidates({ DOCKER_CONTEXT: 'gone' }, '/none')).toThrow('the Docker context gone is not known')
    expect(namedEngine({ DOCKER_CONTEXT: 'default' }, '/none')).toBeUndefined()
  })
})

describe('image builds', () => {
  test('the hash depends on content, mode and arguments, not on their order', () => {
    const file = { path: 'Dockerfile', content: Buffer.from('FROM x'), mode: 0o644 }
    expect(hashOf([file], { A: '1', B: '2' })).toBe(hashOf([file], { B: '2', A: '1' }))
    expect(hashOf([file], { A: '1' })).not.toBe(hashOf([file], { A: '2' }))
    expect(hashOf([{ ...file, mode: 0o755 }], {})).not.toBe(hashOf([file], {}))
  })

  test("an error in the answer's stream fails the build with the last lines, however it is cut into pieces", async () => {
    const text = '{"stream":"Step 1\\n"}\n{"stream":"doing\\n"}\n{"errorDetail":{},"error":"it broke"}\n'
    const pieces = Readable.from([text.slice(0, 7), text.slice(7, 40), text.slice(40)])
    await expect(readBuildOutput(pieces, 'kafka', () => {})).rejects.toThrow(
      /image kafka could not be built: it broke\n {2}Step 1\n {2}doing/,
    )
  })
})

test('addresses are counted from the start of the subnet', () => {
  expect([addressIn('172.20.0.0/16', 2), addressIn('10.1.2.0/24', 254), addressIn('10.0.0.0/16', 256)]).toEqual([
    '172.20.0.2',
    '10.1.2.254',
    '10.0.1.0',
  ])
  expect(() => addressIn('10.1.2.0/24', 255)).toThrow('no address')
})

describe('server.properties', () => {
  test('the controller listener is not proxied, the replication listener is, raw settings win', () => {
    const [node] = nodesOf({ brokers: 3, controllers: 0 })
    if (!node) throw new Error('no node')
    const text = serverProperties(node, { brokers: 3, controllers: 0 }, () => 40_001, {
      'num.io.threads': 8,
      note: 'a\\b',
    })
    expect(text).toContain('controller.quorum.voters=1@broker-1:9093,2@broker-2:9093,3@broker-3:9093\n')
    expect(text).toContain('REPL://toxiproxy:9101\n')
    expect(text).toContain('PRODUCER://127.0.0.1:40001')
    expect(text).toContain('num.io.threads=8\n')
    expect(text).toContain('note=a\\\\b\n')
  })

  test('dedicated controllers carry no client listener', () => {
    const nodes = nodesOf({ brokers: 2, controllers: 1 })
    expect(nodes.map(node => [node.name, node.roles])).toEqual([
      ['controller-101', 'controller'],
      ['broker-1', 'broker'],
      ['broker-2', 'broker'],
    ])
    const [controller] = nodes
    if (!controller) throw new Error('no node')
    expect(serverProperties(controller, { brokers: 2, controllers: 1 }, () => 1, {})).toContain(
      '\nlisteners=CONTROLLER://0.0.0.0:9093\n',
    )
  })
})

const end = (id: number) => ({ id, address: `172.18.0.${id}`, replicationProxyPort: 9100 + id })
const asText = (rules: ReturnType<typeof partingRules>) =>
  Object.fromEntries([...rules].map(([id, list]) => [id, list.map(rule => rule.join(' '))]))

describe('a partition', () => {
  test('drops what comes to the target: directly at the target, through the proxy at the node that fetches', () => {
    expect(asText(partingRules([[end(1), end(2)]], 'in'))).toEqual({
      1: ['INPUT -s 172.18.0.2 -j DROP', 'INPUT -p tcp --sport 9102 -j DROP'],
      2: ['OUTPUT -p tcp --dport 9101 -j DROP'],
    })
  })

  test('leaves the nodes of one side to each other', () => {
    const rules = asText(
      partingRules(
        [
          [end(1), end(3)],
          [end(2), end(3)],
        ],
        'both',
      ),
    )
    expect(
      Object.values(rules)
        .flat()
        .filter(rule => rule.includes('172.18.0.1 ') || rule.includes('172.18.0.2 ')),
    ).toEqual([])
    expect(rules[1]?.some(rule => rule.includes('9102'))).toBe(false)
    expect(rules[3]).toContain('OUTPUT -p tcp --dport 9101 -j DROP')
  })

  test('is counted by its own rules', () => {
    const listing =
      'Chain INPUT (policy ACCEPT 9 packets, 500 bytes)\n    pkts      bytes target     prot\n      12      720 DROP       all  --  *\n       3      180 DROP       tcp\n'
    expect(countDropped(listing)).toEqual({ rules: 2, packets: 15 })
  })
})
