/** Tests a client link with a connection of its own. */
import { connect } from 'node:net'
import type { ClientLink, Probe } from '../../../faults/fault.ts'

/** Answers of every system begin with their length in so many bytes. */
const lengthBytes = 4

/** Sends `request` through the link and waits for a complete answer, a refusal or a close, at most `limitMs`. */
export async function probe(link: Pick<ClientLink, 'address'>, limitMs: number, request: Buffer): Promise<Probe> {
  const at = link.address.lastIndexOf(':')
  const started = performance.now()
  const socket = connect({ host: link.address.slice(0, at), port: Number(link.address.slice(at + 1)) })
  let received = 0
  let expected = Infinity
  let head = Buffer.alloc(0)
  try {
    const outcome = await new Promise<Probe['outcome']>(resolve => {
      const timer = setTimeout(() => resolve('silent'), limitMs)
      socket.once('close', () => clearTimeout(timer))
      socket.on('connect', () => socket.write(request))
      socket.on('data', data => {
        received += data.length
        if (head.length < lengthBytes) head = Buffer.concat([head, data]).subarray(0, lengthBytes)
        if (head.length === lengthBytes) expected = head.readUInt32BE(0) + lengthBytes
        if (received >= expected) resolve('answered')
      })
      socket.on('error', error => resolve('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : 'closed'))
      socket.on('end', () => resolve('closed'))
      socket.on('close', () => resolve('closed'))
    })
    return { outcome, ms: Math.round(performance.now() - started) }
  } finally {
    socket.destroy()
  }
}
