import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RecordLines } from '../../../../workloads/clients/command/output/records.ts'
import type { Report } from '../../../../workloads/messages.ts'
import { clientOf, janitor, ready, t0 } from '../../testing/own-client.ts'
import { LineControl } from './control.ts'
import { OwnClient } from './own-client.ts'
import { SpawnedProgram } from './spawned.ts'

const eventually = (look: () => unknown) => expect.poll(look, { timeout: 10_000, interval: 5 })

describe('a client that is a command', () => {
  it('gets its configuration in the environment and in a file, and its records become the lane file', async () => {
    const { client, records } = clientOf(`${ready}
      const config = JSON.parse(process.env.LOSSPROOF_CLIENT)
      const same = require('fs').readFileSync(process.env.LOSSPROOF_CLIENT_FILE, 'utf8')
      if (JSON.stringify(JSON.parse(same)) !== JSON.stringify(config)) throw new Error('two configurations')
      if (config.topic !== 'topic-a' || config.settings.acks !== 1 || config.role !== 'producer') throw new Error('wrong')
      orders({ resume: () => send(config.firstNumber), pause: () => say({ op: 'paused' }), stop: () => process.exit(0) })`)
    await client.start()
    client.resume()
    await eventually(() => client.lane('a')?.acked).toBe(1)
    await client.pause()
    await client.stop(5000)
    expect(records()).toMatchObject([
      { op: 'sent', s: 0 },
      { op: 'acked', s: 0, o: 0 },
    ])
    await eventually(() => client.ended).toBe('exit code 0')
    expect([client.finished, client.died]).toEqual([true, undefined])
  })

  it('loses nothing of what it had written before it was killed', async () => {
    const { client, records } = clientOf(`${ready}
      orders({ resume: () => {
        const text = Array.from({ length: 300 }, (_, s) => JSON.stringify({ op: 'sent', s, p: 0 }) + '\\n').join('')
        require('fs').writeSync(1, text + '{"op":"acked","s":299')
        process.kill(process.pid, 'SIGKILL')
      } })`)
    await client.start()
    client.resume()
    await eventually(() => client.ended).toBe('signal SIGKILL')
    expect(records().map(record => ('s' in record ? record.s : -1))).toEqual(Array.from({ length: 300 }, (_, s) => s))
    expect(client.lane('a')).toMatchObject({ sent: 300, acked: 0, inFlight: 300 })
  })

  it('ends with its whole process group, and what was counted is in its file', async () => {
    const { client, transport, records } = clientOf(`${ready}
      const child = require('child_process').spawn('sleep', ['1000'])
      process.stderr.write(String(child.pid) + '\\n')
      let s = 0
      orders({ resume: () => setInterval(() => send(s++), 1) })`)
    await client.start()
    client.resume()
    await eventually(() => client.lane('a')?.acked ?? 0).toBeGreaterThan(20)
    const child = Number(transport.errors.trim())
    await client.end('SIGKILL')
    expect(client.ended).toBe('signal SIGKILL')
    const acked = records().filter(({ op }) => op === 'acked').length
    expect(acked).toBe(client.lane('a')?.acked)
    await eventually(() => alive(child)).toBe(false)
    expect(client.died).toBe(`signal SIGKILL: ${child}`)
  })

  it('is frozen and woken as a group, and is not mistaken for one that hangs', async () => {
    const { client } = clientOf(`${ready}
      let s = 0
      orders({ resume: () => setInterval(() => send(s++), 5) })`)
    await client.start()
    client.resume()
    await eventually(() => client.lane('a')?.acked ?? 0).toBeGreaterThan(3)
    await client.freeze()
    expect(client.frozen).toBe(true)
    await client.wake()
    expect(client.frozen).toBe(false)
    const before = client.lane('a')?.acked ?? 0
    await eventually(() => client.lane('a')?.acked ?? 0).toBeGreaterThan(before + 3)
    await client.kill()
  })

  it('may end in order after SIGTERM', async () => {
    const { client } = clientOf(`process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)
      ${ready}`)
    await client.start()
    await client.end('SIGTERM')
    expect([client.ended, client.finished]).toEqual(['exit code 0', true])
  })
})

describe('a client that goes wrong is reported with its last lines', () => {
  const ended = async (script: string, role: 'producer' | 'consumer' = 'producer') => {
    const { client } = clientOf(script, role)
    await client.start().catch(() => {})
    client.resume()
    await eventually(() => client.ended !== undefined).toBe(true)
    return client.died
  }

  it('when it prints something else', async () => {
    expect(await ended(`${ready}; console.log('Hello'); setInterval(() => {}, 1000)`)).toMatch(
      /line 2 of its output: not a JSON object: "Hello".*last lines of its standard output: \{"op":"ready"\} \| Hello/,
    )
  })

  it('when it floods', async () => {
    const flood = `${ready}; const x = 'x'.repeat(1e5); for (;;) require('fs').writeSync(1, x)`
    const died = await ended(flood)
    expect(died).toMatch(/line 2 of its output is longer than 64 KB/)
    expect(died?.length).toBeLessThan(2000)
  })

  it('when it dies', async () => {
    expect(await ended(`${ready}; console.error('first'); console.error('no broker'); process.exit(3)`)).toMatch(
      /it ended by itself: exit code 3; .*last lines of its standard error: first \| no broker/,
    )
    expect(await ended(`${ready}; process.exit(0)`)).toMatch(/it ended by itself: exit code 0/)
  })

  it('when it claims a pause that nobody asked for', async () => {
    expect(await ended(`${ready}; say({ op: 'paused' }); setInterval(() => {}, 1000)`)).toMatch(/nobody asked for/)
  })

  it('when it cannot be started', async () => {
    const missing = clientOf('', 'producer', { command: '/no/such/program' })
    await expect(missing.client.start()).rejects.toThrow(/"\/no\/such\/program" could not be started.*ENOENT/)
    const elsewhere = clientOf('', 'producer', { folder: '/no/such/folder' })
    await expect(elsewhere.client.start()).rejects.toThrow(/the folder \/no\/such\/folder does not exist/)
  })

  it('when it ends before it is ready', async () => {
    const { client } = clientOf(`console.error('ModuleNotFoundError: confluent_kafka'); process.exit(1)`)
    await expect(client.start()).rejects.toThrow(/ended by itself: exit code 1.*ModuleNotFoundError/)
  })

  it('and a consumer may end with exit code 0, as a library that stops for good does', async () => {
    expect(await ended(`${ready}; process.exit(0)`, 'consumer')).toBe('exit code 0')
  })
})

describe('a client that hangs', () => {
  const start = async (script: string, limits = { pauseMs: 150, silenceMs: 300 }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lossproof-own-'))
    const program = new SpawnedProgram({ words: [process.execPath, '-e', script], folder, environment: {} }, janitor)
    const transport = new OwnClient(
      {
        header: { lane: 'a', role: 'producer', process: 'p', client: 'command' },
        file: join(folder, 'p.jsonl'),
        t0,
        program,
        control: new LineControl(program),
        translator: new RecordLines('producer'),
        messages: null,
      },
      limits,
    )
    const fatal: string[] = []
    let isReady = false
    await transport.open((report: Report) => {
      if (report.type === 'ready') isReady = true
      if (report.type === 'fatal') fatal.push(report.error)
    })
    await eventually(() => isReady).toBe(true)
    return { transport, fatal, folder }
  }

  it('is reported when it does not answer "pause"', async () => {
    const { transport, fatal } = await start(`${ready}; setInterval(() => {}, 1000)`)
    transport.send({ type: 'pause' })
    await eventually(() => fatal[0]).toMatch(/did not print "paused" within 0.15 s/)
    await eventually(() => transport.ended).toBe('signal SIGKILL')
  })

  it('is reported when it stops to print although nothing is unanswered', async () => {
    const { transport, fatal } = await start(`${ready}; orders({ resume: () => send(0) })`)
    transport.send({ type: 'resume' })
    await eventually(() => fatal[0]).toMatch(/printed nothing for 0.3 s, with nothing unanswered/)
    await transport.remove()
  })

  it('is waited for while something is unanswered, as when the cluster is down', async () => {
    const script = `${ready}; orders({
      resume: () => { say({ op: 'sent', s: 0, p: 0 }); setTimeout(() => say({ op: 'acked', s: 0 }), 4000) } })`
    const { transport, fatal, folder } = await start(script, { pauseMs: 150, silenceMs: 2500 })
    transport.send({ type: 'resume' })
    await eventually(() => readFileSync(join(folder, 'p.jsonl'), 'utf8')).toContain('acked')
    expect(fatal).toEqual([])
    await transport.signal('SIGKILL')
  })
})

function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
