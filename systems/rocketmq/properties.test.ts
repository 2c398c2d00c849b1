import { describe, expect, test } from 'vitest'
import { clientRoles } from '../shared/client-links.ts'
import {
  advertisedAddress,
  awaitedBy,
  clientProxy,
  controllerProxy,
  haProxy,
  rocketmqConf,
  rocketmqNodes,
} from './properties.ts'
import type { RocketmqShape } from './properties.ts'

const group = (brokerName: string, replicas: number, settings = {}) => ({ brokerName, replicas, settings })
const classic: RocketmqShape = {
  mode: 'classic',
  nameServers: 1,
  groups: [group('broker-a', 2, { flushDiskType: 'SYNC_FLUSH' }), group('broker-b', 1)],
}
const controller: RocketmqShape = {
  mode: 'controller',
  nameServers: 3,
  groups: [group('broker-a', 2, { enableElectUncleanMaster: true })],
}

/** The settings of a node by name, as its configuration file holds them. */
function conf(shape: RocketmqShape, name: string, broker = {}): Record<string, string> {
  const node = rocketmqNodes(shape).find(found => found.name === name)
  if (!node) throw new Error(`no ${name}`)
  return Object.fromEntries(
    rocketmqConf(node, shape, broker)
      .trim()
      .split('\n')
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

describe('configuration of RocketMQ', () => {
  test('in classic mode the first broker of a group is its master, and slaves copy from it through a port of its own', () => {
    expect(rocketmqNodes(classic).map(({ id, name, place, group: of }) => [id, name, of?.brokerName, place])).toEqual([
      [101, 'namesrv-1', undefined, 0],
      [1, 'broker-1', 'broker-a', 0],
      [2, 'broker-2', 'broker-a', 1],
      [3, 'broker-3', 'broker-b', 0],
    ])
    expect(conf(classic, 'broker-1')).toMatchObject({
      brokerId: '0',
      brokerRole: 'ASYNC_MASTER',
      brokerIP1: 'broker-1',
      brokerIP2: 'toxiproxy',
      haListenPort: '9101',
      namesrvAddr: 'namesrv-1:9876',
    })
    expect(conf(classic, 'broker-2')).toMatchObject({
      brokerId: '1',
      brokerRole: 'SLAVE',
      brokerName: 'broker-a',
      haListenPort: '9102',
    })
    expect(rocketmqNodes(classic).slice(1, 2).map(haProxy)).toEqual([
      { name: 'replication-1', listenPort: 9101, upstream: 'broker-1:9101' },
    ])
  })

  test('brokers of 4.x have different ports, because their HA port is always listenPort + 1', () => {
    const old = { ...classic, version: '4.9.7' }
    expect(conf(old, 'broker-2')).toMatchObject({ listenPort: '10921', haListenPort: '10922' })
    expect(rocketmqNodes(old).map(advertisedAddress)).toEqual([
      'namesrv-1:9876',
      'broker-1:10911',
      'broker-2:10921',
      'broker-3:10931',
    ])
  })

  test('a proxy has a port for each client role, and sends clients back to the port at which they arrived', () => {
    const shape = { ...classic, proxies: 1 }
    const proxy = rocketmqNodes(shape).at(-1)
    if (!proxy) throw new Error('no proxy')
    expect(proxy).toMatchObject({ id: 201, name: 'proxy-1', role: 'proxy' })
    expect(awaitedBy(proxy, shape)).toEqual(['namesrv-1:9876'])
    expect(clientProxy('producer', proxy)).toEqual({
      name: 'producer-201',
      listenPort: 20_201,
      upstream: 'proxy-1:8081',
    })
    expect(JSON.parse(rocketmqConf(proxy, shape, {}))).toMatchObject({
      namesrvAddr: 'namesrv-1:9876',
      grpcServerPort: 8081,
      useEndpointPortFromRequest: true,
    })
  })

  test('settings of a group override those of the scenario, which override the defaults; a slave stays a slave', () => {
    const settings = {
      brokerRole: 'SYNC_MASTER',
      flushDiskType: 'ASYNC_FLUSH',
      inSyncReplicas: 2,
      timerWheelEnable: true,
    }
    expect(conf(classic, 'broker-1', settings)).toMatchObject({
      brokerRole: 'SYNC_MASTER',
      flushDiskType: 'SYNC_FLUSH',
      inSyncReplicas: '2',
      timerWheelEnable: 'true',
    })
    expect(conf(classic, 'broker-2', settings)).toMatchObject({ brokerRole: 'SLAVE', flushDiskType: 'SYNC_FLUSH' })
    expect(conf(classic, 'broker-3', settings)).toMatchObject({
      brokerRole: 'SYNC_MASTER',
      flushDiskType: 'ASYNC_FLUSH',
    })
    expect(conf(classic, 'broker-1')).not.toHaveProperty('enableControllerMode')
  })

  test('in controller mode every broker starts as a slave without an id, and controllers know each other', () => {
    for (const name of ['broker-1', 'broker-2']) {
      expect(conf(controller, name, { brokerRole: 'SYNC_MASTER' })).toMatchObject({
        brokerRole: 'SLAVE',
        brokerId: '-1',
        enableControllerMode: 'true',
        totalReplicas: '2',
        controllerAddr: 'namesrv-1:9878;namesrv-2:9878;namesrv-3:9878',
      })
    }
    expect(conf(controller, 'namesrv-2')).toMatchObject({
      controllerDLegerSelfId: 'n102',
      controllerDLegerPeers: 'n101-namesrv-1:9878;n102-namesrv-2:9878;n103-namesrv-3:9878',
      enableElectUncleanMaster: 'true',
    })
    expect(conf(controller, 'namesrv-1', { scanNotActiveBrokerInterval: 5000 })).toMatchObject({
      scanNotActiveBrokerInterval: '5000',
    })
    expect(conf(controller, 'broker-1')).not.toHaveProperty('enableElectUncleanMaster')
  })

  test('brokers wait for name servers', () => {
    const awaited = (shape: RocketmqShape) => rocketmqNodes(shape).map(node => awaitedBy(node, shape).join(' '))
    expect(awaited(classic)).toEqual(['', 'namesrv-1:9876', 'namesrv-1:9876', 'namesrv-1:9876'])
    expect(awaited({ ...controller, nameServers: 1 })).toEqual(['', 'namesrv-1:9876', 'namesrv-1:9876'])
  })

  test('no two proxies share a port or a name', () => {
    const nodes = rocketmqNodes(controller)
    const specs = [
      ...nodes.flatMap(node => clientRoles.map(role => clientProxy(role, node))),
      ...nodes.filter(node => node.role === 'namesrv').map(controllerProxy),
      ...nodes.filter(node => node.role === 'broker').map(haProxy),
    ]
    expect(new Set(specs.map(spec => spec.listenPort)).size).toBe(specs.length)
    expect(new Set(specs.map(spec => spec.name)).size).toBe(specs.length)
  })

  test('a value with a line end stays one value', () => {
    expect(conf(classic, 'broker-1', { messageDelayLevel: '1s\nbrokerId=7' })).toMatchObject({
      brokerId: '0',
      messageDelayLevel: '1s\\nbrokerId=7',
    })
  })
})

describe('defaults', () => {
  test('null leaves a setting to RocketMQ, also where Lossproof would set it', () => {
    expect(conf(controller, 'broker-1')).toMatchObject({ haMaxTimeSlaveNotCatchup: '4000' })
    expect(conf(controller, 'broker-1', { haMaxTimeSlaveNotCatchup: null })).not.toHaveProperty(
      'haMaxTimeSlaveNotCatchup',
    )
  })

  test('defaults: system sets addresses, paths and identity only', () => {
    const names = (shape: RocketmqShape, node: string) => Object.keys(conf(shape, node)).toSorted()
    expect(names({ ...classic, groups: [group('broker-a', 1)], defaults: 'system' }, 'broker-1')).toEqual([
      'brokerClusterName',
      'brokerIP1',
      'brokerIP2',
      'brokerId',
      'brokerName',
      'brokerRole',
      'haListenPort',
      'listenPort',
      'namesrvAddr',
      'storePathCommitLog',
      'storePathRootDir',
    ])
    expect(names({ ...controller, defaults: 'system' }, 'namesrv-1')).toEqual([
      'configStorePath',
      'controllerDLegerGroup',
      'controllerDLegerPeers',
      'controllerDLegerSelfId',
      'controllerStorePath',
      'enableControllerInNamesrv',
      'enableElectUncleanMaster',
      'kvConfigPath',
      'listenPort',
    ])
  })
})
