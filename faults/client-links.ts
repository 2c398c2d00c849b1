/**
 * Faults of the links between clients and brokers, by Toxiproxy. Each is proved twice from outside: Toxiproxy says that
 * the toxic is there on every link, and a fresh connection through each link of a live broker fares as the fault says.
 */
import { each } from './each.ts'
import { linkRoles, positive } from './fault.ts'
import type { ClientLink, Fault, FaultContext, FaultParam, Probe, ToxicType } from './fault.ts'
import type { Settings } from '../model/plan.ts'

const probeLimitMs = 1500
const closeLimitMs = 65_000
/** The answer to a probe is longer than this on every broker. */
const probeBytes = 300

const atMostProbe: FaultParam['check'] = value =>
  positive(value) ?? (Number(value) <= probeBytes ? undefined : `expected at most ${probeBytes}, got ${String(value)}`)

interface LinkFault {
  id: string
  title: string
  models: string
  cannotModel: string
  params?: Record<string, FaultParam>
  toxics: (
    params: Settings,
  ) => { type: ToxicType; stream: 'upstream' | 'downstream'; attributes: Record<string, number> }[]
  /** The probe asks for what brokers answer by closing the connection. */
  closes?: true
  /** Whether a probe fared as it must under this fault. */
  shows: (probe: Probe, params: Settings) => boolean
}

function linkFault(spec: LinkFault): Fault {
  const params = spec.params ?? {}
  return {
    id: spec.id,
    title: spec.title,
    models: spec.models,
    cannotModel: spec.cannotModel,
    needs: ['docker'],
    actsOn: 'client-links',
    targets: linkRoles,
    params,
    async inject(context, { links }, given) {
      const settings = {
        ...Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param.default ?? null])),
        ...given,
      }
      const toxics = spec.toxics(settings).map(toxic => ({ name: `${spec.id}-${toxic.stream}`, ...toxic }))
      await each(links, async link => {
        for (const toxic of toxics) await link.addToxic(toxic)
      })
      const remove = async (link: ClientLink) => {
        for (const toxic of toxics) await link.removeToxic(toxic.name)
      }
      return {
        evidence: async () => {
          const present = await each(links, async link => link.toxics())
          const probes = await each(links, async link =>
            spec.closes ? context.probeClose(link, closeLimitMs) : context.probe(link, probeLimitMs),
          )
          const seen = Object.fromEntries(
            links.map(({ name }) => [name, { toxics: present.get(name) ?? [], probe: probes.get(name) }]),
          )
          const complete = links.every(({ name }) => {
            const probe = probes.get(name)
            return (
              toxics.every(toxic => present.get(name)?.includes(toxic.name)) &&
              probe !== undefined &&
              spec.shows(probe, settings)
            )
          })
          return { complete, seen: { ...seen, ...context.sent() } }
        },
        heal: async () => void (await each(links, remove)),
      }
    },
  }
}

export const latency = linkFault({
  id: 'latency',
  title: 'Delay everything between clients and brokers',
  models: 'A distant or congested network.',
  cannotModel: 'Packet loss with its retransmissions: TCP sees a perfect, slow line.',
  params: {
    ms: { doc: 'delay of each direction, milliseconds (100)', default: 100, check: positive },
    jitter: {
      doc: 'random part on top, milliseconds (0)',
      default: 0,
      check: value => (typeof value === 'number' && value >= 0 ? undefined : 'expected a number from 0'),
    },
  },
  toxics: ({ ms, jitter }) =>
    (['upstream', 'downstream'] as const).map(stream => ({
      type: 'latency',
      stream,
      attributes: { latency: Number(ms), jitter: Number(jitter) },
    })),
  // Each direction waits; jitter may shorten it.
  shows: (probe, { ms, jitter }) =>
    probe.outcome === 'answered'
      ? probe.ms >= 2 * (Number(ms) - Number(jitter)) * 0.95
      : probe.outcome === 'silent' && 2 * Number(ms) >= probeLimitMs,
})

export const bandwidth = linkFault({
  id: 'bandwidth',
  title: 'Narrow the links between clients and brokers',
  models: 'A saturated or throttled line.',
  cannotModel: 'Loss of packets where a queue overflows.',
  params: { kbps: { doc: 'kilobytes a second of each direction (10)', default: 10, check: positive } },
  toxics: ({ kbps }) =>
    (['upstream', 'downstream'] as const).map(stream => ({
      type: 'bandwidth',
      stream,
      attributes: { rate: Number(kbps) },
    })),
  // The answer to the probe has some 500 bytes, which take their time at this rate.
  shows: (probe, { kbps }) => probe.outcome === 'silent' || probe.ms >= (400 / Number(kbps)) * 0.5,
})

export const cut = linkFault({
  id: 'cut',
  title: 'Cut the links between clients and brokers, both ways',
  models: 'A network that swallows everything and tells nobody: sockets stay open.',
  cannotModel: 'A cut between brokers: use `cut-replication`.',
  toxics: () =>
    (['upstream', 'downstream'] as const).map(stream => ({ type: 'timeout', stream, attributes: { timeout: 0 } })),
  shows: probe => probe.outcome === 'silent',
})

export const cutResponses = linkFault({
  id: 'cut-responses',
  title: 'Swallow the answers of brokers to clients',
  models: 'Requests arrive and are carried out, but the client never learns: what makes retries into duplicates.',
  cannotModel: 'A loss of requests: use `cut`.',
  toxics: () => [{ type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } }],
  shows: probe => probe.outcome === 'silent',
})

export const reset = linkFault({
  id: 'reset',
  title: 'Reset connections between clients and brokers (TCP RST)',
  models: 'A firewall or load balancer that drops its connection table.',
  cannotModel: 'One single reset: connections are reset again for as long as it lasts.',
  params: { ms: { doc: 'how long a connection lives, milliseconds (1)', default: 1, check: positive } },
  toxics: ({ ms }) => [{ type: 'reset_peer', stream: 'downstream', attributes: { timeout: Number(ms) } }],
  shows: probe => probe.outcome === 'closed' || probe.outcome === 'refused',
})

export const slowClose = linkFault({
  id: 'slow-close',
  title: 'Delay the close of connections between clients and brokers',
  models:
    'A proxy or firewall that holds on to connections which one side has ended: the client learns late that its broker is gone.',
  cannotModel: 'Anything while connections stay open: it shows only where one side closes.',
  params: {
    ms: {
      doc: 'how long a close is held back, milliseconds (1000), at most 60000',
      default: 1000,
      check: value =>
        positive(value) ?? (Number(value) <= 60_000 ? undefined : `expected at most 60000, got ${String(value)}`),
    },
  },
  toxics: ({ ms }) => [{ type: 'slow_close', stream: 'downstream', attributes: { delay: Number(ms) } }],
  closes: true,
  shows: (probe, { ms }) => probe.outcome === 'closed' && probe.ms >= Number(ms) * 0.95,
})

export const limitData = linkFault({
  id: 'limit-data',
  title: 'Close connections of clients after so many bytes of answers',
  models: 'A proxy that ends connections in the middle of an answer.',
  cannotModel: 'A limit on requests.',
  params: {
    bytes: {
      doc: `bytes of answers that a connection may carry (100), at most ${probeBytes}, so that a probe can show it`,
      default: 100,
      check: atMostProbe,
    },
  },
  toxics: ({ bytes }) => [{ type: 'limit_data', stream: 'downstream', attributes: { bytes: Number(bytes) } }],
  shows: probe => probe.outcome === 'closed',
})

/** The proxies themselves are switched off. */
export const down: Fault = {
  id: 'down',
  title: 'Refuse connections of clients',
  models: 'A port that is closed: existing connections end, new ones are refused at once.',
  cannotModel: 'Silence: use `cut`.',
  needs: ['docker'],
  actsOn: 'client-links',
  targets: linkRoles,
  params: {},
  async inject(context: FaultContext, { links }) {
    await each(links, async link => link.enable(false))
    return {
      async evidence() {
        const enabled = await each(links, async link => link.enabled())
        const probes = await each(links, async link => context.probe(link, probeLimitMs))
        const complete = links.every(
          ({ name }) => enabled.get(name) === false && ['refused', 'closed'].includes(probes.get(name)?.outcome ?? ''),
        )
        return {
          complete,
          seen: Object.fromEntries(
            links.map(({ name }) => [name, { enabled: enabled.get(name), probe: probes.get(name) }]),
          ),
        }
      },
      heal: async () => void (await each(links, async link => link.enable(true))),
    }
  },
}
