/** The plan: everything a run will do, as data. `lossproof plan` prints it, run.json stores it, replay reads it back. */
import { z } from 'zod'
import { Expectation } from './expectation.ts'
import { Lane } from './lane.ts'
import { Step } from './schedule.ts'
import { Settings, SettingValue } from './settings.ts'

export * from './expectation.ts'
export * from './lane.ts'
export * from './schedule.ts'
export { Settings, SettingValue } from './settings.ts'
export * from './workload.ts'

/** One set of settings under one schedule. The verdict is per cell. */
export const Cell = z.strictObject({
  /** `<scenario>/<settings of the matrix>`, such as `leader-crash/producer.acks=1`. */
  id: z.string(),
  scenario: z.string(),
  /** Id of the system under test. */
  system: z.string(),
  trial: z.string(),
  lane: z.string(),
  /** All settings that the scenario gives, as `place.setting`. */
  settings: Settings,
  expect: z.array(Expectation),
})
export type Cell = z.infer<typeof Cell>

/** A docker-compose project and the services of it that faults may hit. */
export const ComposeProject = z.strictObject({
  /** The compose file; a plan that is carried out has its whole path. */
  file: z.string(),
  /** Name of the project on the engine; absent: the one that the file gives itself, or that its folder gives it. */
  project: z.string().optional(),
  /** The services that store messages. */
  brokers: z.array(z.string()).min(1),
  /** The services that are controllers and nothing else; absent: there are none. */
  controllers: z.array(z.string()).optional(),
  /** The project runs already, and goes on running. Otherwise it is started for a trial, under a name of its own. */
  attach: z.boolean(),
  /** Volumes that a fault may empty, as the compose file or the engine names them. */
  volumes: z.array(z.string()).optional(),
})
export type ComposeProject = z.infer<typeof ComposeProject>

export const OwnCluster = z.strictObject({
  /** `host:port` of one or more brokers; empty: the ports that the project publishes. */
  bootstrap: z.array(z.string()),
  /** Absent: nothing but the harness's own clients is broken. */
  compose: ComposeProject.optional(),
})
export type OwnCluster = z.infer<typeof OwnCluster>

/** A cluster as its system describes it; each system parses the other keys with a schema of its own. */
export const ClusterPlan = z.looseObject({
  version: z.string(),
  /** An image of the user's own, in place of the one that Lossproof builds. */
  image: z.string().optional(),
  /** A cluster of the user's own; absent: Lossproof builds it. */
  own: OwnCluster.optional(),
})
export type ClusterPlan = z.infer<typeof ClusterPlan>

/** The cluster that a trial needs, and the id of its system in the registry of systems/index.ts. */
export const Site = z.strictObject({ system: z.string(), cluster: ClusterPlan })
export type Site = z.infer<typeof Site>

/**
 * What happens before the final log is read.
 * - `whole`: every node is back and every replica in sync.
 * - `masters`: every node is back, and the final log is what masters serve. For systems that do not repair every
 *   difference between copies.
 * - `slaves`: masters stay as the schedule left them, and the final log is what their slaves serve.
 */
export const Recovery = z.enum(['whole', 'masters', 'slaves'])
export type Recovery = z.infer<typeof Recovery>

export const Trial = z.strictObject({
  ...Site.shape,
  /** The name of the trial's folder. */
  id: z.string().regex(/^[^./\\][^/\\]*$/, 'expected a name without slashes that does not begin with a dot'),
  scenario: z.string(),
  /** Capabilities of the machine that the faults need, as `doctor` names them. */
  needs: z.array(z.string()).default([]),
  /** Whether consumers that have ended are started again for the drain. */
  restartConsumers: z.boolean().default(true),
  recovery: Recovery.default('whole'),
  /** What brokers wrote while they started is synced to their disks before the load begins. */
  settled: z.literal(true).optional(),
  lanes: z.array(Lane),
  schedule: z.array(Step),
  /** Messages of each lane to be acknowledged after the heal, before producers stop. */
  tail: z.int().min(0),
  seed: z.int().min(0),
})
export type Trial = z.infer<typeof Trial>

/** A piece of advice, and the cells that show it. */
export const Claim = z.strictObject({ id: z.string(), text: z.string(), cells: z.array(z.string()) })
export type Claim = z.infer<typeof Claim>

/** A setting that Lossproof sets by itself, in trials whose scenario does not give it. */
export const HarnessDefault = z.strictObject({
  system: z.string(),
  /** The kind of node: `broker`, `controller`. */
  node: z.string(),
  name: z.string(),
  value: SettingValue,
  /** The default of the system; absent where it depends on the machine. */
  systemDefault: z.string().optional(),
  reason: z.string(),
  /** `tuned` settings can be overridden, `reserved` ones cannot. */
  kind: z.enum(['tuned', 'reserved']),
  /** Ids of the trials. */
  trials: z.array(z.string()),
})
export type HarnessDefault = z.infer<typeof HarnessDefault>

export const Plan = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  seed: z.int().min(0),
  cells: z.array(Cell),
  trials: z.array(Trial),
  claims: z.array(Claim),
  /** What Lossproof sets by itself, besides addresses, paths and identity. */
  setByHarness: z.array(HarnessDefault).optional(),
  /** What is legal and probably not meant. */
  warnings: z.array(z.string()).optional(),
})
export type Plan = z.infer<typeof Plan>
