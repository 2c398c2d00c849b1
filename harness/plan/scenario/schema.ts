/**
 * The scenario file: what a user writes. Every object is strict, so a misspelt key is refused with its line.
 * The JSON Schema for editors is made from this (`lossproof plan --schema`).
 */
import { z } from 'zod'
import { SettingValue, triggerCounts } from '../../../model/plan.ts'
import { systemIds } from '../../../systems/index.ts'
import { parseDuration } from './units.ts'
import { workloadSettings } from '../workload.ts'

const quantity = (example: string, parse: (value: string | number) => number | undefined) =>
  z.union([z.string(), z.number()]).transform((value, context) => {
    const parsed = parse(value)
    if (parsed !== undefined) return parsed
    context.addIssue({
      code: 'custom',
      message: `expected a quantity such as ${example}, got ${JSON.stringify(value)}`,
    })
    return z.NEVER
  })

const Raw = z.record(z.string(), SettingValue)
const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes')

/** By name: each setting's meaning and form are in workload.ts. */
const WorkloadInput = z.strictObject(
  Object.fromEntries(
    Object.entries(workloadSettings).map(([key, { doc }]) => [key, SettingValue.optional().describe(doc)]),
  ),
)

/** The client library, alone or with settings that only this library has, as it spells them. */
const Client = z.union([z.string(), z.looseObject({ library: z.string() })])

const Trigger = z.strictObject({
  ...triggerCounts,
  in: z.string().optional(),
  /** Which lanes it speaks of, by settings of their cells: `acks=1` or `producer.acks=1,min.insync.replicas=2`. */
  lane: z.string().optional(),
  isr: z.union([z.literal('leader'), z.int().min(0)]).optional(),
  'leader-changed': z.literal(true).optional(),
  offline: z.literal(true).optional(),
  recovered: z.literal(true).optional(),
  flushed: z.literal(true).optional(),
  'client-gone': z.literal(true).optional(),
  /** Count since the step before, not since the trial began. */
  since: z.literal('last-step').optional(),
  limit: quantity('30s', parseDuration).optional(),
})

const Inject = z.looseObject({ fault: z.string(), target: z.string().optional(), window: z.string().optional() })

const OneStep = z.strictObject({
  after: Trigger,
  inject: z.union([Inject, z.array(Inject).min(1)]).optional(),
  heal: z.union([z.literal('all'), z.array(z.string()).min(1)]).optional(),
  window: z.string().optional(),
  /** Pause producers around this step, so that its window has sharp edges. Default: true for a step that injects. */
  quiesce: z.boolean().optional(),
})

/** Steps that come so many times, one round after the other. */
const Repeat = z.strictObject({ repeat: z.int().min(1).max(100), steps: z.array(OneStep).min(1) })
const Step = z.union([OneStep, Repeat])

const Expect = z.looseObject({ when: z.record(z.string(), SettingValue).optional() })

export const Scenario = z.strictObject({
  name,
  system: z.enum(systemIds),
  description: z.string().optional(),
  cluster: z
    .strictObject({
      /** Kafka. */
      brokers: z.int().min(1).max(9).optional(),
      controllers: z.int().min(0).max(5).optional(),
      /** RocketMQ. */
      mode: z.enum(['classic', 'controller']).optional(),
      nameServers: z.int().min(1).max(3).optional(),
      proxies: z.int().min(0).max(3).optional(),
      /** Broker groups that a topic lies on, and the slaves of each. */
      masters: z.int().min(1).max(4).optional(),
      slaves: z.int().min(0).max(3).optional(),
      version: z.string().optional(),
      broker: Raw.optional(),
    })
    .optional(),
  lanes: z.strictObject({
    defaults: z
      .strictObject({
        topic: Raw.optional(),
        producer: Raw.optional(),
        consumer: Raw.optional(),
        client: Client.optional(),
        workload: WorkloadInput.optional(),
      })
      .optional(),
    /** `place.setting: [values]`; cells are the product. */
    matrix: z.record(z.string(), z.array(SettingValue).min(1)).optional(),
    /** Points of the matrix that make no sense, by settings. */
    exclude: z.array(z.record(z.string(), SettingValue)).optional(),
    /** A trial of its own for each cell: for settings whose lanes would help each other, such as flushes of one disk. */
    isolate: z.boolean().optional(),
  }),
  workload: WorkloadInput.optional(),
  schedule: z.array(Step).optional(),
  /** Messages that each lane should see acknowledged after the heal. */
  tail: z.int().min(0).optional(),
  /** What is done before the final log is read: `whole`, every node back and every replica in step; RocketMQ, classic: `masters`, every node back, it is what masters serve; `slaves`, nothing, it is what slaves serve. */
  recovery: z.enum(['whole', 'masters', 'slaves']).optional(),
  /** Whether consumers that have ended are started again for the drain; they are unless it says false. */
  drain: z.strictObject({ restart: z.boolean() }).optional(),
  expect: z.array(Expect).optional(),
  claim: z.union([z.string(), z.strictObject({ id: z.string(), text: z.string() })]).optional(),
})
export type Scenario = z.infer<typeof Scenario>
export type ScenarioStep = z.infer<typeof OneStep>
export type ScenarioTrigger = z.infer<typeof Trigger>
