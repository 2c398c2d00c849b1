/**
 * A process for tests to kill. `victim.ts <work> <folder>` works on the stores in `folder`, continues where an earlier
 * process stopped, and prints one line after each call that has returned.
 */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EffectStore } from '../effects.ts'
import { ParkingStore } from '../parking.ts'
import { Spool } from '../spool.ts'

/** Far more steps than a test waits for. The limit ends a process that a test failed to kill. */
const endless = 200_000

const [, , work = '', folder = ''] = process.argv

/** Uses write(2), because a killed process would lose lines in a buffer. */
function print(line: string): void {
  writeSync(1, `${line}\n`)
}

const works: Record<string, () => void> = {
  effects() {
    const store = new EffectStore(join(folder, 'effects.db'))
    for (let s = store.count(); s < endless; s++) print(`${s} ${store.apply(s)}`)
  },
  /** Tests start two of these, which race for every message. */
  'effects-race'() {
    const store = new EffectStore(join(folder, 'effects.db'))
    for (let s = 0; s < 500; s++) print(`${s} ${store.apply(s)}`)
    store.close()
  },
  parking() {
    const store = new ParkingStore(join(folder, 'parked.db'), join(folder, 'alerts.jsonl'))
    for (let s = store.parked().length; s < endless; s++) {
      print(`${s} ${store.park({ s, p: 0, o: s, reason: 'it is poison', payload: Buffer.alloc(3000, s % 256) })}`)
    }
  },
  'spool-put'() {
    const spool = new Spool(join(folder, 'spool.db'))
    for (let s = spool.counts().pending; s < endless; s++) {
      spool.put(s, s % 3, Buffer.from(`message ${s}`))
      print(String(s))
    }
  },
  'spool-batches'() {
    const spool = new Spool(join(folder, 'spool.db'))
    for (let first = 0; first < endless; first += 100) {
      spool.putAll(Array.from({ length: 100 }, (_, at) => ({ s: first + at, p: 0, payload: Buffer.alloc(1000, 'x') })))
      print(String(first))
    }
  },
  /** Keeps ten messages in flight: the oldest is acknowledged when the next one leaves. */
  'spool-acks'() {
    const spool = new Spool(join(folder, 'spool.db'))
    for (let s = 0; s < endless; s++) {
      spool.put(s, 0, Buffer.from(`message ${s}`))
      if (s >= 10) spool.remove(s - 10)
      print(String(s))
    }
  },
  /** Holds a lock on a new file, in the journal mode with which files are created, for 300 ms. */
  'hold-open'() {
    const database = new DatabaseSync(join(folder, 'store.db'))
    database.exec('CREATE TABLE other (s INTEGER); BEGIN IMMEDIATE')
    print('held')
    setTimeout(() => database.close(), 300)
  },
}

const chosen = works[work]
if (!chosen) throw new Error(`unknown work "${work}"; known: ${Object.keys(works).join(', ')}`)
chosen()
