import { describe, expect, it } from 'vitest'
import { encode } from '../../../payload.ts'
import { Counters } from './counters.ts'
import { BoundedLines } from './lines.ts'
import { RecordLines } from './records.ts'
import { VerifiableLines } from './verifiable.ts'

describe('lines of the format "records"', () => {
  it('get the time when they are read, unless they bring one', () => {
    const lines = new RecordLines('producer')
    expect(lines.take('{"op":"sent","s":0,"p":1}', 12.5).records).toEqual([{ op: 'sent', s: 0, p: 1, t: 12.5 }])
    expect(lines.take('{"op":"acked","s":0,"p":1,"o":7,"t":11}', 13).records).toEqual([
      { op: 'acked', s: 0, p: 1, o: 7, t: 11 },
    ])
  })

  it('may say that the client is ready or paused', () => {
    const lines = new RecordLines('consumer')
    expect(lines.take('{"op":"ready"}', 1)).toEqual({ records: [], says: 'ready' })
    expect(lines.take('{"op":"paused"}', 1)).toEqual({ records: [], says: 'paused' })
  })

  it.each([
    ['producer', 'Connected to broker', /not a JSON object: "Connected to broker".*standard error/],
    ['producer', '[1]', /not a JSON object/],
    ['producer', '{"op":"sendt","s":0,"p":1}', /unknown op "sendt"/],
    ['producer', '{"op":"sent","s":0}', /"p" of sent is missing/],
    ['producer', '{"op":"sent","s":0,"p":0,"key":1}', /a key that sent does not have/],
    ['producer', '{"op":"acked","s":9,"p":0}', /message 9, for which this process has printed no "sent"/],
    ['producer', '{"op":"sent","s":4,"p":0}', /message 4 is sent, but firstNumber is 5/],
    ['producer', '{"op":"sent","s":5,"p":0,"t":900}', /800 ms in the future/],
    ['producer', '{"op":"processed","s":5,"p":0,"o":1}', /a consumer's record "processed" in a producer's file/],
    ['consumer', '{"op":"group-offset","p":0,"o":1}', /written by Lossproof itself/],
  ] as const)('of a %s are refused with the reason: %s', (role, line, reason) => {
    expect(new RecordLines(role, 5).take(line, 100).wrong).toMatch(reason)
  })

  it('are refused when their times run backwards further than the history allows', () => {
    const lines = new RecordLines('producer')
    lines.take('{"op":"sent","s":0,"p":0,"t":100}', 100)
    expect(lines.take('{"op":"sent","s":1,"p":0,"t":60}', 101).wrong).toBeUndefined()
    expect(lines.take('{"op":"sent","s":2,"p":0,"t":40}', 102).wrong).toMatch(/runs backwards by 60 ms/)
  })
})

describe('lines of the format "verifiable"', () => {
  const success = (value: string, offset: number) =>
    JSON.stringify({ timestamp: 1, name: 'producer_send_success', key: null, value, topic: 't', partition: 1, offset })

  it('say of a producer how its sends ended', () => {
    const lines = new VerifiableLines('producer', 20)
    expect(lines.take('{"timestamp":1,"name":"startup_complete"}', 1).says).toBe('ready')
    expect(lines.take(success('20.3', 8), 5).records).toEqual([{ op: 'acked', s: 23, p: 1, o: 8, t: 5 }])
    // acks=0
    expect(lines.take(success('20.4', -1), 6).records).toEqual([{ op: 'acked', s: 24, p: 1, t: 6 }])
    const error = { name: 'producer_send_error', value: '20.0', exception: 'class a.b.TimeoutException' }
    expect(lines.take(JSON.stringify(error), 7).records).toEqual([
      { op: 'unknown', s: 20, t: 7, c: 'TimeoutException' },
    ])
    expect(lines.take(success('3', 9), 8).wrong).toMatch(/without the prefix/)
  })

  it('say at the end which messages were sent and never answered', () => {
    const lines = new VerifiableLines('producer', 20)
    lines.take(success('20.1', 0), 5)
    const { records } = lines.take('{"name":"tool_data","sent":3,"acked":1}', 9)
    expect(records).toEqual([
      { op: 'unknown', s: 20, t: 9, c: 'NO_ANSWER' },
      { op: 'unknown', s: 22, t: 9, c: 'NO_ANSWER' },
    ])
  })

  it('say of a consumer what it has got and committed, without the fence', () => {
    const lines = new VerifiableLines('consumer')
    const data = (value: string) => JSON.stringify({ name: 'record_data', key: null, value, partition: 0, offset: 4 })
    expect(lines.take('{"name":"partitions_assigned","partitions":[]}', 1).says).toBe('ready')
    expect(lines.take(data('0.7'), 2).records.map(({ op }) => op)).toEqual(['delivered', 'processed'])
    expect(lines.take(data('LPF 00000000 a x'), 2)).toEqual({ records: [] })
    const committed = (done: boolean) =>
      JSON.stringify({ name: 'offsets_committed', offsets: [{ topic: 't', partition: 0, offset: 5 }], success: done })
    expect(lines.take(committed(true), 3).records).toEqual([{ op: 'committed', p: 0, o: 5, t: 3 }])
    expect(lines.take(committed(false), 3).records).toEqual([])
  })

  it('are nothing else once it has begun; notes about arguments may come before', () => {
    const lines = new VerifiableLines('producer')
    expect(lines.take('Option --producer.config has been deprecated', 1)).toEqual({ records: [] })
    lines.take('{"name":"startup_complete"}', 2)
    expect(lines.take('Exception in thread "main"', 3).wrong).toMatch(/not a line of Verif/)
  })
})

describe('what a client prints', () => {
  const collect = () => {
    const taken: string[] = []
    return { taken, lines: new BoundedLines(line => void taken.push(line)) }
  }

  it('is split into lines wherever it is cut, also within a letter', () => {
    const { taken, lines } = collect()
    const bytes = Buffer.from('{"c":"é"}\n\n{"d":1}\n')
    for (const byte of bytes) lines.push(Buffer.of(byte), 0)
    expect(taken).toEqual(['{"c":"é"}', '{"d":1}'])
  })

  it('counts without a line end when it is whole, and not when it was torn', () => {
    const whole = collect()
    whole.lines.push(Buffer.from('{"a":1}\n{"b":2}'), 0)
    whole.lines.end(0)
    const torn = collect()
    torn.lines.push(Buffer.from('{"a":1}\n{"b":'), 0)
    torn.lines.end(0)
    expect([whole.taken, torn.taken]).toEqual([['{"a":1}', '{"b":2}'], ['{"a":1}']])
  })

  it('is refused when it floods, in one line or in many, and little of it is kept', () => {
    const one = collect()
    expect(one.lines.push(Buffer.alloc(200_000, 'x'), 0)).toMatch(/line 1 .* longer than 64 KB/)
    const many = collect()
    const chunk = Buffer.from('{}\n'.repeat(50_000))
    const wrong = [0, 100, 200, 300, 400].map(now => many.lines.push(chunk, now)).find(Boolean)
    expect(wrong).toMatch(/more than 200000 lines in one second/)
    expect(many.taken).toHaveLength(200_000)
    expect([...one.lines.last, ...many.lines.last].join('').length).toBeLessThan(1000)
  })

  it('may be as much over a longer time', () => {
    const { lines } = collect()
    const chunk = Buffer.from('{}\n'.repeat(150_000))
    expect([0, 1000, 2000].map(now => lines.push(chunk, now))).toEqual([undefined, undefined, undefined])
  })
})

it('the counters of a lane follow from its records', () => {
  const producer = new Counters()
  for (const s of [0, 1, 2]) producer.take({ op: 'sent', s, p: 0, t: 0 })
  producer.take({ op: 'unknown', s: 0, t: 1, c: 'x' })
  producer.take({ op: 'sent', s: 0, p: 0, t: 2, n: 2 })
  producer.take({ op: 'acked', s: 1, t: 3 })
  expect(producer.status()).toMatchObject({ sent: 3, acked: 1, unknown: 1, inFlight: 2 })
  const answersOnly = new Counters({ sendsRecorded: false })
  answersOnly.take({ op: 'acked', s: 0, t: 1 })
  answersOnly.take({ op: 'unknown', s: 1, t: 1, c: 'x' })
  expect(answersOnly.status()).toMatchObject({ sent: 2, acked: 1, unknown: 1, inFlight: 0 })
  const consumer = new Counters()
  for (const o of [4, 5, 6]) consumer.take({ op: 'delivered', s: o, p: 0, o, t: 0 })
  for (const o of [4, 5, 4]) consumer.take({ op: 'processed', s: o, p: 0, o, t: 0 })
  consumer.take({ op: 'committed', p: 0, o: 6, t: 1 })
  expect(consumer.status()).toMatchObject({ delivered: 3, processed: 2, committed: 6, uncommitted: 1 })
})

it('the payload that the documentation shows is that of the harness', () => {
  // zlib.crc32(b"LP1" + body), as in examples/clients/python/producer.py
  expect(encode('acks-1', 42, 64).toString()).toMatch(/^LP1 [0-9a-f]{8} acks-1 42 \.+$/)
})
