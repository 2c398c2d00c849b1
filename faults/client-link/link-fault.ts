/**
 * Makes faults of the links between clients and brokers. Each has two proofs from outside: Toxiproxy lists the toxic on
 * every link, and a new connection through each link behaves as the fault demands.
 */
import { byName, forEach, seenByName } from '../contract/by-name.ts'
import type { FaultContext } from '../contract/context.ts'
import type { Fault } from '../contract/fault.ts'
import type { ClientLink, Probe, Toxic } from '../contract/link.ts'
import { linkRoles } from '../contract/roles.ts'
import type { Settings } from '../../model/plan.ts'

export const probeLimitMs = 1500
/** At least so many bytes come back for a probe's request, from every broker. */
export const probeAnswerBytes = 300
const both = ['upstream', 'downstream'] as const

export interface LinkFault extends Pick<Fault, 'id' | 'effects' | 'weaker' | 'title' | 'models' | 'cannotModel'> {
  params?: Fault['params']
  toxics: (params: Settings) => Toxic[]
  /** How the probe connects; by default it sends a request that every broker answers. */
  probe?: (context: FaultContext, link: ClientLink) => Promise<Probe>
  /** Whether a probe behaved as it must under this fault. */
  shows: (probe: Probe, params: Settings) => boolean
}

/** The same toxic in both directions. */
export const inBothDirections = (toxic: Omit<Toxic, 'stream'>): Toxic[] => both.map(stream => ({ ...toxic, stream }))

export function linkFault({ toxics: toxicsFor, probe = answerProbe, shows, params = {}, ...texts }: LinkFault): Fault {
  return {
    ...texts,
    kind: 'client-link',
    needs: ['docker'],
    targets: linkRoles,
    params,
    async inject(context, { links }, given) {
      const defaults = Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param.default ?? null]))
      const settings = { ...defaults, ...given }
      const toxics = toxicsFor(settings).map(toxic => ({ name: `${texts.id}-${toxic.stream}`, ...toxic }))
      await forEach(links, async link => {
        for (const toxic of toxics) await link.addToxic(toxic)
      })
      return {
        async evidence() {
          const present = await byName(links, async link => link.toxics())
          const probes = await byName(links, async link => probe(context, link))
          const complete = links.every(({ name }) => {
            const found = probes.get(name)
            const listed = toxics.every(toxic => present.get(name)?.includes(toxic.name))
            return listed && found !== undefined && shows(found, settings)
          })
          const seen = seenByName(links, name => ({ toxics: present.get(name) ?? [], probe: probes.get(name) }))
          return { complete: links.length > 0 && complete, seen: { ...seen, ...context.sent() } }
        },
        heal: async () =>
          forEach(links, async link => {
            for (const toxic of toxics) await link.removeToxic(toxic.name)
          }),
      }
    },
  }
}

const answerProbe = async (context: FaultContext, link: ClientLink) => context.probe(link, probeLimitMs)
