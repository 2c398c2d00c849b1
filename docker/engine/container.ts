/**
 * A testcontainers container with four additions: a fixed address, the network of another container, a share of the
 * processor, and ports that are published on the loopback address only.
 */
import type Dockerode from 'dockerode'
import { GenericContainer, PullPolicy } from 'testcontainers'
import type { TrialNetwork } from '../network/network.ts'

export class NodeContainer extends GenericContainer {
  #endpoint: { network: string; address: string; alias: string } | undefined

  constructor(image: string) {
    super(image)
    // All images exist before a trial starts. A pull in the middle of a trial would distort its times.
    this.withPullPolicy({ shouldPull: () => 'never' } satisfies ReturnType<typeof PullPolicy.defaultPolicy>)
  }

  /** Joins `network` as `name`, at an address that stays the same over all restarts. */
  withFixedAddress(network: TrialNetwork, name: string): this {
    this.#endpoint = { network: network.name, address: network.nextAddress(), alias: name }
    this.withNetworkMode(network.name)
    this.withHostname(name)
    return this
  }

  /** Uses the network namespace, address and host name of another container. */
  withNetworkOf({ id }: Pick<Dockerode.Container, 'id'>): this {
    this.withNetworkMode(`container:${id}`)
    return this
  }

  /** Its weight when processors are short; the engine's default is 1024. */
  withCpuShares(shares: number): this {
    this.hostConfig.CpuShares = shares
    return this
  }

  protected override async beforeContainerCreated(): Promise<void> {
    if (this.#endpoint) {
      const { network, address, alias } = this.#endpoint
      this.createOpts.NetworkingConfig = {
        EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address }, Aliases: [alias] } },
      }
    }
    const bindings: Record<string, { HostPort: string; HostIp?: string }[]> = this.hostConfig.PortBindings ?? {}
    for (const binding of Object.values(bindings).flat()) binding.HostIp = '127.0.0.1'
  }
}
