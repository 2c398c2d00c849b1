import { byName, forEach, seenByName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { linkRoles } from '../contract/roles.ts'
import { probeLimitMs } from './link-fault.ts'

/** Switches the proxies off. */
export const down: Fault = {
  id: 'down',
  kind: 'client-link',
  effects: ['loses-requests', 'loses-answers'],
  weaker: ['reset'],
  title: 'Refuse connections of clients',
  models: 'A closed port: existing connections end, new ones are refused at once.',
  cannotModel: 'Silence: use `cut`.',
  needs: ['docker'],
  targets: linkRoles,
  params: {},
  async inject(context, { links }) {
    await forEach(links, async link => link.enable(false))
    return {
      async evidence() {
        const enabled = await byName(links, async link => link.enabled())
        const probes = await byName(links, async link => context.probe(link, probeLimitMs))
        const complete = links.every(
          ({ name }) => enabled.get(name) === false && ['refused', 'closed'].includes(probes.get(name)?.outcome ?? ''),
        )
        const seen = seenByName(links, name => ({ enabled: enabled.get(name), probe: probes.get(name) }))
        return { complete: links.length > 0 && complete, seen }
      },
      heal: async () => forEach(links, async link => link.enable(true)),
    }
  },
}
