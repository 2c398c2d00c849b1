/** For tests: a server on loopback whose answers, including raw bytes, are scripted by the test. */
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { encodeFrame, FrameDecoder } from '../wire/frame.ts'
import type { Command } from '../wire/header.ts'

export interface Reply {
  code: number
  remark?: string
  fields?: Record<string, string | number>
  body?: Buffer
}

export interface Peer {
  write(bytes: Buffer): void
  /** Sends the client a request, as brokers do. */
  ask(code: number, fields: Record<string, string>, isOneWay: boolean): void
  reply(request: Command, reply: Reply): void
  end(): void
}

/** Returns the reply, or `undefined` when there is none or the script has written to the peer itself. */
export type Script = (request: Command, peer: Peer) => Reply | undefined | Promise<Reply | undefined>

export class FakeServer implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Every command that clients sent. */
  readonly heard: Command[] = []
  readonly address: string
  script: Script

  private constructor(server: Server, script: Script) {
    this.#server = server
    this.script = script
    const bound = server.address()
    this.address = typeof bound === 'object' && bound !== null ? `127.0.0.1:${bound.port}` : ''
    server.on('connection', socket => this.#serve(socket))
  }

  static async start(script: Script, port = 0): Promise<FakeServer> {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return new FakeServer(server, script)
  }

  get port(): number {
    return Number(this.address.split(':')[1])
  }

  get connections(): number {
    return this.#sockets.size
  }

  /** Ends every connection, as when the server process is killed. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropAll()
    await new Promise(resolve => this.#server.close(resolve))
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    const decoder = new FrameDecoder()
    const write = (bytes: Buffer) => void (socket.destroyed || socket.write(bytes))
    const peer: Peer = {
      write,
      ask: (code, fields, isOneWay) =>
        write(
          encodeFrame({
            code,
            opaque: 77,
            isResponse: false,
            isOneWay,
            remark: undefined,
            fields: new Map(Object.entries(fields)),
            body: Buffer.alloc(0),
          }),
        ),
      reply: (request, reply) => write(replyFrame(request, reply)),
      end: () => socket.destroy(),
    }
    const serve = async (command: Command) => {
      this.heard.push(command)
      const reply = await this.script(command, peer)
      if (reply && !command.isOneWay) peer.reply(command, reply)
    }
    socket.on('data', chunk => {
      for (const command of decoder.push(chunk)) void serve(command)
    })
  }
}

export function replyFrame(request: Command, { code, remark, fields = {}, body = Buffer.alloc(0) }: Reply): Buffer {
  const texts = new Map(Object.entries(fields).map(([key, value]) => [key, String(value)]))
  return encodeFrame({ code, opaque: request.opaque, isResponse: true, isOneWay: false, remark, fields: texts, body })
}
