/** A testcontainers container with what its builder has no verb for: a fixed address, and ports published on loopback only. */
import { GenericContainer, PullPolicy } from 'testcontainers'
import type { TrialNetwork } from '../network/network.ts'

export class NodeContainer extends GenericContainer {
  #network: { name: string; address: string; aliases: string[] } | undefined

  constructor(image: string) {
    super(image)
    // Our images exist before a trial starts; nothing is to be pulled in the middle of one.
    this.withPullPolicy({ shouldPull: () => 'never' } satisfies ReturnType<typeof PullPolicy.defaultPolicy>)
  }

  /** Joins `network` at an address of its own, under `name`. */
  withPlace(network: TrialNetwork, name: string): this {
    this.#network = { name: network.name, address: network.nextAddress(), aliases: [name] }
    this.withNetworkMode(network.name)
    this.withHostname(name)
    return this
  }

  protected override async beforeContainerCreated(): Promise<void> {
    if (this.#network) {
      const { name, address, aliases } = this.#network
      this.createOpts.NetworkingConfig = {
        EndpointsConfig: { [name]: { IPAMConfig: { IPv4Address: address }, Aliases: aliases } },
      }
    }
    const bindings: Record<string, { HostPort: string; HostIp?: string }[]> = this.hostConfig.PortBindings ?? {}
    for (const binding of Object.values(bindings).flat()) binding.HostIp = '127.0.0.1'
  }
}
