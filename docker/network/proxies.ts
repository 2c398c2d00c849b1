/**
 * The trial's Toxiproxy. It starts first and is never restarted, because published ports change on restart; it alone
 * publishes ports, on 127.0.0.1. One proxy for each client role and broker, and one for each replication listener.
 */
import { Wait } from 'testcontainers'
import type { StartedTestContainer } from 'testcontainers'
import { Toxiproxy } from 'toxiproxy-node-client'
import { z } from 'zod'
import type { Link } from '../../faults/fault.ts'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { NodeContainer } from '../engine/container.ts'
import type { Labels } from '../engine/labels.ts'
import type { TrialNetwork } from './network.ts'

const apiPort = 8474
const limitMs = 30_000
const ProxyState = z.object({ enabled: z.boolean(), toxics: z.array(z.object({ name: z.string() })) })

export interface ProxySpec {
  name: string
  listenPort: number
  /** `broker-1:19092` */
  upstream: string
}

/** Toxiproxy as started, before its proxies exist: what it publishes has to be known before brokers are configured. */
export class Proxies {
  readonly #container: StartedTestContainer
  readonly #api: Toxiproxy
  readonly alias: string

  private constructor(container: StartedTestContainer, alias: string) {
    this.#container = container
    this.alias = alias
    this.#api = new Toxiproxy(`http://127.0.0.1:${container.getMappedPort(apiPort)}`)
  }

  static async start(options: {
    image: string
    alias: string
    network: TrialNetwork
    labels: Labels
    publish: number[]
  }): Promise<Proxies> {
    const container = new NodeContainer(options.image)
      .withFixedAddress(options.network, options.alias)
      .withLabels(options.labels)
      .withExposedPorts(apiPort, ...options.publish)
      .withWaitStrategy(Wait.forHttp('/version', apiPort).withStartupTimeout(limitMs))
    try {
      return new Proxies(await container.start(), options.alias)
    } catch (error) {
      throw new LossproofError('cluster', `Toxiproxy did not start: ${messageOf(error)}`, { cause: error })
    }
  }

  /** `127.0.0.1:port` under which a listen port of a proxy is reached from the host. */
  address(listenPort: number): string {
    return `127.0.0.1:${this.#container.getMappedPort(listenPort)}`
  }

  portOf(listenPort: number): number {
    return this.#container.getMappedPort(listenPort)
  }

  async create(specs: ProxySpec[]): Promise<void> {
    if (specs.length === 0) return
    await this.#ask(`create proxies`, () =>
      this.#api.populate(
        specs.map(spec => ({
          name: spec.name,
          listen: `0.0.0.0:${spec.listenPort}`,
          upstream: spec.upstream,
          enabled: true,
        })),
      ),
    )
  }

  link(name: string): Link {
    return {
      name,
      addToxic: async toxic => {
        await this.#ask(`add toxic ${toxic.name} to ${name}`, async () =>
          (await this.#api.get(name)).addToxic({ ...toxic, toxicity: 1 }),
        )
      },
      removeToxic: async toxic => {
        await this.#ask(`remove toxic ${toxic} from ${name}`, async () => {
          if (!(await this.#read(name)).toxics.some(present => present.name === toxic)) return
          const proxy = await this.#api.get(name)
          await (await proxy.getToxic(toxic)).remove()
        })
      },
      toxics: async () =>
        this.#ask(`read toxics of ${name}`, async () => (await this.#read(name)).toxics.map(toxic => toxic.name)),
      enable: async on => {
        await this.#ask(`switch ${name} ${on ? 'on' : 'off'}`, async () => {
          const proxy = await this.#api.get(name)
          await proxy.update({ enabled: on, listen: proxy.listen, upstream: proxy.upstream })
        })
      },
      enabled: async () => this.#ask(`read ${name}`, async () => (await this.#read(name)).enabled),
    }
  }

  /** The client's own proxy object drops the toxics that the server tells. */
  async #read(proxy: string): Promise<z.infer<typeof ProxyState>> {
    const { data } = await this.#api.getApi().get<unknown>(`${this.#api.host}/proxies/${proxy}`)
    return ProxyState.parse(data)
  }

  /** The client checks the status of every answer and throws; what it throws is told with what was asked. */
  async #ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw new LossproofError('cluster', `Toxiproxy could not ${what}: ${messageOf(error)}`, { cause: error })
    }
  }
}
