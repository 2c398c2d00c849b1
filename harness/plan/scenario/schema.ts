/**
 * The scenario file: what a user writes. Every object is strict, so a misspelt key is refused with its line. The JSON
 * Schema for editors (`lossproof schema scenario`) is made from this.
 */
import { z } from 'zod'
import { Recovery, SettingValue, triggerCounts } from '../../../model/plan.ts'
import type { SettingRule } from '../../../model/setting-rule.ts'
import { systemIds, systems } from '../../../systems/index.ts'
import { applicationSettings } from '../../../workloads/application/facts.ts'
import { workloadSettings } from '../workload/settings.ts'
import { parseDuration } from './units.ts'

const longestLimitMs = 24 * 60 * 60 * 1000

const Duration = z.union([z.string(), z.number()]).transform((value, context) => {
  const parsed = parseDuration(value)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: `expected a duration such as 30s, got ${JSON.stringify(value)}` })
  return z.NEVER
})

/** Within which a step has to fire. */
const Limit = Duration.refine(ms => ms >= 1 && ms <= longestLimitMs, 'expected a limit from 1ms to 1440min')

const RawSettings = z.record(z.string(), SettingValue)
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes')

/** The accepted values, for editors. The planner checks them again, because the matrix and --set can also give them. */
function inputOf(rules: readonly SettingRule[]): z.ZodType<SettingValue | undefined> {
  const doc = [...new Set(rules.map(rule => rule.doc))].join('; ')
  return z
    .union([...rules.map(rule => rule.input), z.null()])
    .optional()
    .describe(doc)
}

const WorkloadInput = z.strictObject(
  Object.fromEntries(Object.entries(workloadSettings).map(([key, rule]) => [key, inputOf([rule])])),
)

/** The keys of every system; the planner refuses the keys of another system. */
const clusterRules = systems.flatMap(system => Object.entries(system.planning.clusterSettings))
const clusterKeys = Object.fromEntries(
  [...Map.groupBy(clusterRules, ([key]) => key)].map(([key, rules]) => [key, inputOf(rules.map(([, rule]) => rule))]),
)

/** A list of words, or a text that is split at spaces. */
const Words = z.union([z.string(), z.array(z.string()).min(1)])
const clientKeys = {
  library: z.string().optional(),
  command: Words.optional().describe('a client of your own: the command that starts it'),
  image: z.string().optional().describe('a client of your own: the image of its container'),
  entrypoint: Words.optional(),
}
const RoleClient = z.union([z.string(), z.looseObject(clientKeys)])

/** The client library, alone or with settings that only this library has, as it spells them; or a client of one's own. */
const Client = z.union([
  z.string(),
  z
    .looseObject({ ...clientKeys, producer: RoleClient.optional(), consumer: RoleClient.optional() })
    .refine(
      ({ library, command, image, producer, consumer }) =>
        [library, command, image, producer, consumer].some(given => given !== undefined),
      'expected the name of a client library under "library", or a client of your own under "command" or "image"',
    ),
])

/** The application in the middle. */
const App = z.strictObject({
  ...Object.fromEntries(
    Object.entries(applicationSettings).map(([name, doc]) => [
      name,
      (name === 'command' || name === 'entrypoint' ? Words : z.string()).optional().describe(doc),
    ]),
  ),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable'), SettingValue)
    .optional(),
})

const Trigger = z.strictObject({
  ...triggerCounts,
  in: z.string().optional(),
  /** Selects lanes by settings of their cells: `acks=1` or `producer.acks=1,min.insync.replicas=2`. */
  lane: z.string().optional(),
  isr: z.union([z.literal('leader'), z.int().min(0)]).optional(),
  'leader-changed': z.literal(true).optional(),
  offline: z.literal(true).optional(),
  recovered: z.literal(true).optional(),
  flushed: z.literal(true).optional(),
  'client-gone': z.literal(true).optional(),
  /** Since the step before. */
  elapsed: Limit.optional(),
  /** Counts start at the step before, not at the beginning of the trial. */
  since: z.literal('last-step').optional(),
  limit: Limit.optional(),
})

/** The other keys are parameters of the fault. */
const Inject = z.looseObject({ fault: z.string(), target: z.string().optional(), window: z.string().optional() })

const OneStep = z.strictObject({
  after: Trigger,
  inject: z.union([Inject, z.array(Inject).min(1)]).optional(),
  heal: z.union([z.literal('all'), z.array(z.string()).min(1)]).optional(),
  window: z.string().optional(),
  /** Pause producers around this step, so that its window has sharp edges. Default: true for a step that injects. */
  quiesce: z.boolean().optional(),
})

/** Steps that are executed several times, one round after the other. */
const Repeat = z.strictObject({ repeat: z.int().min(1).max(100), steps: z.array(OneStep).min(1) })

const Expect = z.looseObject({ when: z.record(z.string(), SettingValue).optional() })

export const Scenario = z.strictObject({
  name: Name,
  system: z.enum(systemIds),
  description: z.string().optional(),
  cluster: z
    .strictObject({
      ...clusterKeys,
      version: z.string().optional().describe('version of the system under test'),
      image: z.string().min(1).optional().describe('an image of your own, see docs/own-image.md'),
      broker: RawSettings.optional().describe('settings of every broker, as the system spells them'),
    })
    .optional(),
  lanes: z.strictObject({
    defaults: z
      .strictObject({
        topic: RawSettings.optional(),
        producer: RawSettings.optional(),
        consumer: RawSettings.optional(),
        client: Client.optional(),
        app: App.optional(),
        workload: WorkloadInput.optional(),
      })
      .optional(),
    /** `place.setting: [values]`; the cells are the product of the values. */
    matrix: z.record(z.string(), z.array(SettingValue).min(1)).optional(),
    /** Points of the matrix to leave out, by settings. */
    exclude: z.array(z.record(z.string(), SettingValue)).optional(),
    /** The cells one by one, in place of a matrix. `{}` is the cell with the defaults alone. */
    cells: z.array(z.record(z.string(), SettingValue)).min(1).optional(),
    /** Each cell has a trial of its own: for settings whose lanes would help each other, such as flushes of one disk. */
    isolate: z.boolean().optional(),
  }),
  /** Broker and topic settings that only an own build of the system knows, as `place.setting`. */
  unchecked: z.array(z.string().regex(/^(broker|topic)\../, 'expected broker.<setting> or topic.<setting>')).optional(),
  workload: WorkloadInput.optional(),
  schedule: z.array(z.union([OneStep, Repeat])).optional(),
  /** Messages of each lane to be acknowledged after the heal. */
  tail: z.int().min(0).max(1_000_000).optional(),
  recovery: Recovery.optional().describe(
    'what happens before the final log is read: `whole` (every node is back, every replica in sync), `masters` ' +
      '(every node is back, and masters serve the log) or `slaves` (nothing, and slaves serve the log)',
  ),
  /** Whether consumers that have ended are started again for the drain; true unless given. */
  drain: z.strictObject({ restart: z.boolean() }).optional(),
  /** Before the load begins, what brokers wrote while they started is on their disks, as after days of service. */
  settled: z.literal(true).optional(),
  expect: z.array(Expect).optional(),
  claim: z.union([z.string(), z.strictObject({ id: z.string(), text: z.string() })]).optional(),
})
export type Scenario = z.infer<typeof Scenario>
export type ScenarioStep = z.infer<typeof OneStep>
export type ScenarioTrigger = z.infer<typeof Trigger>
export type ScenarioFault = z.infer<typeof Inject>
