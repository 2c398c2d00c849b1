/** A network of the run with fixed addresses: a container that is killed and started again keeps its address. */
import type Dockerode from 'dockerode'
import { LossproofError, messageOf } from '../../model/errors.ts'
import type { Labels } from '../engine/labels.ts'

const attempts = 5

export interface TrialNetwork {
  name: string
  /** The next unused address of the subnet. */
  nextAddress(): string
  remove(): Promise<void>
}

/**
 * The engine accepts fixed addresses only on a network that was created with an explicit subnet, and only the engine
 * knows which subnets are free. So the engine first creates a network with a subnet of its choice, and a second network
 * then requests that subnet.
 */
export async function createNetwork(docker: Dockerode, name: string, labels: Labels): Promise<TrialNetwork> {
  for (let attempt = 1; ; attempt++) {
    const probe = await docker.createNetwork({ Name: `${name}-probe`, Labels: labels })
    const subnet = subnetOf(await probe.inspect())
    await probe.remove()
    try {
      const network = await docker.createNetwork({
        Name: name,
        Labels: labels,
        IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
      })
      let next = firstHost
      return {
        name,
        nextAddress: () => addressIn(subnet, next++),
        remove: async () => {
          await network.remove()
        },
      }
    } catch (error) {
      // Another run may have taken the subnet between the two requests: try again.
      if (attempt === attempts)
        throw new LossproofError(
          'cluster',
          `no network could be created in ${attempts} attempts: ${messageOf(error)}`,
          { cause: error },
        )
    }
  }
}

/** Address 1 is the gateway. */
const firstHost = 2

function subnetOf(inspected: unknown): string {
  if (typeof inspected === 'object' && inspected !== null && 'IPAM' in inspected) {
    const found = /"Subnet":"(\d+\.\d+\.\d+\.\d+\/\d+)"/.exec(JSON.stringify(inspected.IPAM))
    if (found?.[1] !== undefined) return found[1]
  }
  throw new LossproofError('cluster', 'the engine reported no IPv4 subnet for a network that it created')
}

/** Address number `host` of an IPv4 subnet: `addressIn('172.20.0.0/16', 2)` is 172.20.0.2. */
export function addressIn(subnet: string, host: number): string {
  const [base = '', bits = '24'] = subnet.split('/')
  const size = 2 ** (32 - Number(bits))
  if (host >= size - 1) throw new LossproofError('cluster', `subnet ${subnet} has no address number ${host}`)
  const start = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const value = start + host
  return [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.')
}
