/**
 * A process that tests kill: `victim.ts <work> <folder>` works on the stores in `folder` without end, going on where it
 * finds them, and writes one line to its standard output after each call that has returned.
 */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EffectStore } from '../effects.ts'
import { ParkingStore } from '../parking.ts'
import { Spool } from '../spool.ts'

/** Far more than a test waits for, so that a victim that nobody kills ends. */
const endless = 200_000

const [, , work = '', folder = ''] = process.argv

/** With write(2): what a killed process would still have in a buffer was never said. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

const works: Record<string, () => void> = {
  effects() {
    const store = new EffectStore(join(folder, 'effects.db'))
    for (let s = store.count(); s < endless; s++) say(`${s} ${store.apply(s)}`)
  },
  /** Two of these race for each message from the first on. */
  'effects-race'() {
    const store = new EffectStore(join(folder, 'effects.db'))
    for (let s = 0; s < 500; s++) say(`${s} ${store.apply(s)}`)
    store.close()
  },
  parking() {
    const store = new ParkingStore(join(folder, 'parked.db'), join(folder, 'alerts.jsonl'))
    for (let s = store.parked().length; s < endless; s++) {
      say(`${s} ${store.park({ s, p: 0, o: s, reason: 'it is poison', payload: Buffer.alloc(3000, s % 256) })}`)
    }
  },
  'spool-put'() {
    const spool = new Spool(join(folder, 'spool.db'))
    for (let s = spool.counts().pending; s < endless; s++) {
      spool.put(s, s % 3, Buffer.from(`message ${s}`))
      say(String(s))
    }
  },
  'spool-batches'() {
    const spool = new Spool(join(folder, 'spool.db'))
    for (let first = 0; first < endless; first += 100) {
      spool.putAll(Array.from({ length: 100 }, (_, at) => ({ s: first + at, p: 0, payload: Buffer.alloc(1000, 'x') })))
      say(String(first))
    }
  },
  /** Ten messages are under way at a time, and the acknowledgement of the oldest comes in as the next one leaves. */
  'spool-acks'() {
    const spool = new Spool(join(folder, 'spool.db'))
    for (let s = 0; s < endless; s++) {
      spool.put(s, 0, Buffer.from(`message ${s}`))
      if (s >= 10) spool.remove(s - 10)
      say(String(s))
    }
  },
  /** Is about to write to a new file, in the journal mode that it was created in, and takes its time. */
  'hold-open'() {
    const database = new DatabaseSync(join(folder, 'store.db'))
    database.exec('CREATE TABLE other (s INTEGER); BEGIN IMMEDIATE')
    say('held')
    setTimeout(() => database.close(), 300)
  },
}

const chosen = works[work]
if (!chosen) throw new Error(`no such work: ${work}`)
chosen()
