import { describe, expect, it } from 'vitest'
import { read, refused, settings, verdict } from './testing/reading.ts'

describe('configuration files of RocketMQ', () => {
  // Settings of conf/2m-2s-sync of its distribution.
  const broker = (name: string, id: number, role: string, flush = 'ASYNC_FLUSH') =>
    [
      'brokerClusterName=DefaultCluster',
      `brokerName=${name}`,
      `brokerId=${id}`,
      'deleteWhen=04',
      'fileReservedTime=48',
      `brokerRole=${role}`,
      `flushDiskType=${flush}`,
    ].join('\n')

  it('of masters and slaves make up the cluster', () => {
    const configuration = read({
      'broker-a-s.properties': broker('broker-a', 1, 'SLAVE'),
      'broker-a.properties': broker('broker-a', 0, 'SYNC_MASTER'),
      'broker-b-s.properties': broker('broker-b', 1, 'SLAVE'),
      'broker-b.properties': broker('broker-b', 0, 'SYNC_MASTER'),
    })
    expect(configuration).toMatchObject({ system: 'rocketmq', cluster: { masters: 2, slaves: 1 }, assumptions: [] })
    expect(settings(configuration)).toEqual({
      'broker.fileReservedTime': 48,
      'broker.brokerRole': 'SYNC_MASTER',
      'broker.flushDiskType': 'ASYNC_FLUSH',
    })
    expect(configuration.settings[0]?.from?.file).toBe('broker-a.properties')
  })

  it('of a slave that differs from its master give way to those of the master', () => {
    const configuration = read({
      'a-s.conf': broker('a', 1, 'SLAVE', 'ASYNC_FLUSH'),
      'a.conf': broker('a', 0, 'SYNC_MASTER', 'SYNC_FLUSH'),
    })
    expect(settings(configuration)['broker.flushDiskType']).toBe('SYNC_FLUSH')
    expect(configuration.keys.find(({ file, name }) => file === 'a-s.conf' && name === 'flushDiskType')).toMatchObject({
      verdict: 'replaced',
      reason: expect.stringMatching(/a\.conf:7/),
    })
  })

  it('of a single SYNC_MASTER assume a slave and say so', () => {
    const configuration = read({ 'broker.conf': broker('a', 0, 'SYNC_MASTER') })
    expect(configuration.cluster).toEqual({ masters: 1, slaves: 1 })
    expect(configuration.assumptions).toEqual([expect.stringMatching(/one slave of each master is assumed/)])
    expect(read({ 'broker.conf': broker('a', 0, 'ASYNC_MASTER') })).toMatchObject({ cluster: { slaves: 0 } })
  })

  it('with a controller: brokers are elected', () => {
    const elected = (port: number) =>
      `brokerName=a\nbrokerId=-1\nbrokerRole=SLAVE\nenableControllerMode=true\nallAckInSyncStateSet=true\nlistenPort=${port}`
    const configuration = read({
      'n0.conf': elected(1),
      'n1.conf': elected(2),
      'namesrv.conf': 'enableControllerInNamesrv=true\ncontrollerDLegerPeers=n0-a:1;n1-b:1;n2-c:1\nkvConfigPath=/x',
    })
    expect(configuration.cluster).toEqual({ masters: 1, slaves: 1, mode: 'controller', nameServers: 3 })
    expect(settings(configuration)).toEqual({ 'broker.allAckInSyncStateSet': true })
  })

  it('report names that documentation misspells, and wrong values', () => {
    const configuration = read({
      'broker.conf': 'brokerName=a\nbrokerRole=ASYNC_MASTER\nfileReserverdTime=72\nflushDiskType=SYNC',
    })
    expect(verdict(configuration, 'fileReserverdTime')).toEqual([
      'unknown',
      3,
      expect.stringMatching(/fileReservedTime/),
    ])
    expect(verdict(configuration, 'flushDiskType')).toEqual(['invalid', 4, expect.stringMatching(/SYNC_FLUSH/)])
  })

  it('with DLedger are refused', () => {
    expect(refused({ 'broker.conf': 'brokerName=a\nlistenPort=1\nenableDLegerCommitLog=true' })).toMatchObject({
      code: 'usage',
      message: 'broker.conf:3: DLedger clusters are not supported',
    })
  })
})
