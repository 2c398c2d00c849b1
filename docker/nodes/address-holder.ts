/**
 * A small container that holds a node's address and network namespace. The node's own container joins the namespace. So the
 * namespace outlives the node's process, as the network of a host outlives its processes: when the process is killed, the
 * kernel closes its connections, and refuses new ones at once.
 */
import type Dockerode from 'dockerode'
import type { EngineEvents } from '../engine/events.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Labels } from '../engine/labels.ts'
import type { TrialNetwork } from '../network/network.ts'

const endLimitMs = 10_000

export interface AddressHolder {
  container: Dockerode.Container
  /** The node's address in the trial's network; it never changes. */
  address: string
}

export interface AddressHolderOptions {
  docker: Dockerode
  network: TrialNetwork
  labels: Labels
  /** Any image with a `sleep` command. */
  image: string
}

export class AddressHolders {
  readonly #byName: ReadonlyMap<string, AddressHolder>

  private constructor(byName: ReadonlyMap<string, AddressHolder>) {
    this.#byName = byName
  }

  /** `names`: the host names of the nodes. */
  static async start(options: AddressHolderOptions, names: readonly string[]): Promise<AddressHolders> {
    const starting = names.map(async name => [name, await startAddressHolder(options, name)] as const)
    await Promise.allSettled(starting)
    return new AddressHolders(new Map(await Promise.all(starting)))
  }

  of(name: string): AddressHolder {
    const found = this.#byName.get(name)
    if (!found) throw new LossproofError('internal', `node ${name} has no address`)
    return found
  }
}

async function startAddressHolder(options: AddressHolderOptions, name: string): Promise<AddressHolder> {
  const { docker, network, labels, image } = options
  const address = network.nextAddress()
  const container = await docker.createContainer({
    Image: image,
    Labels: labels,
    Hostname: name,
    Entrypoint: ['sleep'],
    Cmd: ['infinity'],
    HostConfig: { NetworkMode: network.name, CapDrop: ['ALL'], LogConfig: { Type: 'none', Config: {} } },
    NetworkingConfig: {
      EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: address }, Aliases: [name] } },
    },
  })
  await container.start()
  return { container, address }
}

/**
 * Replaces the namespace by a new one with the same address, as a machine has one after it lost power: without connections,
 * without data that wait to be sent, and without iptables rules. The node's process must be down.
 */
export async function renewNamespace({ container }: AddressHolder, events: EngineEvents): Promise<void> {
  const mark = events.mark(container.id)
  await container.kill({ signal: 'SIGKILL' })
  const died = await events.next(container.id, 'die', mark, endLimitMs)
  if (!died)
    throw new LossproofError(
      'cluster',
      `the container that holds a node's address was still running ${endLimitMs / 1000} s after SIGKILL`,
    )
  await container.start()
}
