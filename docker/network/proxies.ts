/**
 * The trial's Toxiproxy. It is never restarted, because its published ports would change. Only this container publishes
 * ports, on 127.0.0.1. There is one proxy for each client role and broker, and one for replication from each broker.
 */
import type Dockerode from 'dockerode'
import { Wait } from 'testcontainers'
import type { StartedTestContainer } from 'testcontainers'
import { Toxiproxy } from 'toxiproxy-node-client'
import { z } from 'zod'
import type { Link } from '../../faults/fault.ts'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { NodeContainer } from '../engine/container.ts'
import type { Labels } from '../engine/labels.ts'
import type { TrialNetwork } from './network.ts'
import { ToxicHolds } from './toxic-holds.ts'

const apiPort = 8474
const limitMs = 30_000
const ProxyState = z.object({ enabled: z.boolean(), toxics: z.array(z.object({ name: z.string() })) })

export interface ProxySpec {
  name: string
  listenPort: number
  /** `broker-1:19092` */
  upstream: string
}

/**
 * Brokers advertise the published ports, so Toxiproxy starts before they are configured. Its proxies are created later.
 */
export class Proxies {
  readonly #container: StartedTestContainer
  readonly #api: Toxiproxy
  readonly alias: string
  readonly #holds = new ToxicHolds()

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

  /** The `127.0.0.1:port` at which the host reaches a proxy's listen port. */
  address(listenPort: number): string {
    return `127.0.0.1:${this.#container.getMappedPort(listenPort)}`
  }

  /** Connects the proxies to another network, so that they reach the nodes there by name. */
  async join(docker: Dockerode, network: string): Promise<void> {
    await docker.getNetwork(network).connect({ Container: this.#container.getId() })
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
        if (!this.#holds.take(name, toxic)) return
        try {
          await this.#ask(`add toxic ${toxic.name} to ${name}`, async () =>
            (await this.#api.get(name)).addToxic({ ...toxic, toxicity: 1 }),
          )
        } catch (error) {
          this.#holds.release(name, toxic.name)
          throw error
        }
      },
      removeToxic: async toxic => {
        if (!this.#holds.release(name, toxic)) return
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

  /** Asks the API itself, because the client library's proxy object leaves out the toxics. */
  async #read(proxy: string): Promise<z.infer<typeof ProxyState>> {
    const { data } = await this.#api.getApi().get<unknown>(`${this.#api.host}/proxies/${proxy}`)
    return ProxyState.parse(data)
  }

  /** The client library throws on every failure; `what` tells in the message what was asked of Toxiproxy. */
  async #ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw new LossproofError('cluster', `Toxiproxy could not ${what}: ${messageOf(error)}`, { cause: error })
    }
  }
}
