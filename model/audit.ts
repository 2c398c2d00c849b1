/**
 * An audit: which faults make somebody's own configuration lose messages. The plan says what was asked, and is kept as
 * audit.json in the run folder; together with the verdict of the run it gives the result.
 */
import { z } from 'zod'
import { Counts } from './outcomes.ts'
import { Settings, SettingValue } from './settings.ts'
import { Load, Recovery } from './verdict.ts'

/** A line of a file that the user gave. */
export const FileLine = z.strictObject({ file: z.string(), line: z.int().min(1) })
export type FileLine = z.infer<typeof FileLine>

/** A setting of the user as `place.setting`. Without `from` it is an assumption. */
export const AuditedSetting = z.strictObject({ name: z.string(), value: SettingValue, from: FileLine.optional() })
export type AuditedSetting = z.infer<typeof AuditedSetting>

/** A key that did not become part of the test, or is dangerous by itself. */
export const AuditedKey = z.strictObject({
  ...FileLine.shape,
  /** As the file spells it. */
  key: z.string(),
  value: SettingValue,
  /** `used` only for dangerous keys. */
  verdict: z.enum(['used', 'replaced', 'no-effect', 'unsupported', 'unknown', 'invalid']),
  reason: z.string().optional(),
  danger: z.strictObject({ why: z.string(), source: z.string() }).optional(),
})
export type AuditedKey = z.infer<typeof AuditedKey>

/** Settings that may keep the messages, and the cell that tries them under the same fault. */
export const TriedFix = z.strictObject({ settings: Settings, cell: z.string(), ownTrial: z.boolean() })
export type TriedFix = z.infer<typeof TriedFix>

/** A question that the audit asks: one fault schedule. */
export const AskedProbe = z.strictObject({
  id: z.string(),
  /** A few words: `leader lost while followers lag`. */
  title: z.string(),
  question: z.string(),
  /** Whose messages are at risk: those that producers sent, or those that consumers should process. */
  side: z.enum(['producer', 'consumer']),
  /** The cell with the settings of the user. */
  cell: z.string(),
  /** A cell with settings that are known to lose under this fault: when it loses nothing, the fault was not hard enough. */
  control: z.string().optional(),
  fixes: z.array(TriedFix),
})
export type AskedProbe = z.infer<typeof AskedProbe>

export const AuditPlan = z.strictObject({
  schema: z.literal(1),
  system: z.string(),
  version: z.string(),
  client: z.string(),
  topic: z.string().optional(),
  files: z.array(z.strictObject({ file: z.string(), label: z.string(), keys: z.int(), used: z.int() })),
  settings: z.array(AuditedSetting),
  keys: z.array(AuditedKey),
  assumptions: z.array(z.string()),
  notes: z.array(z.strictObject({ ...FileLine.shape, text: z.string() })),
  /** What Lossproof sets in the place of the system's defaults, with the reasons. */
  setByHarness: z.array(z.strictObject({ name: z.string(), value: SettingValue, reason: z.string() })),
  probes: z.array(AskedProbe),
  notAsked: z.array(z.strictObject({ id: z.string(), title: z.string(), reason: z.string() })),
  /** Ids of probes whose losses the user accepts. */
  allowed: z.array(z.string()),
  /** What no audit of this system can see. */
  cannotSee: z.array(z.string()),
})
export type AuditPlan = z.infer<typeof AuditPlan>

/**
 * What became of the user's messages. `lost` and `skipped` are violations, also when the rest is incomplete. `kept`: the
 * fault hit and every message is accounted for.
 */
export const AuditOutcome = z.enum(['lost', 'skipped', 'inconclusive', 'kept'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

/** Measured in one cell: the price of its settings. */
export const Price = z.strictObject({
  load: Load,
  recovery: Recovery,
  /** Messages that were not taken during the fault: given up, or rejected. */
  refused: z.int().min(0),
})
export type Price = z.infer<typeof Price>

export const FixResult = z.strictObject({
  settings: Settings,
  cell: z.string(),
  /** Whether the settings ran on brokers of their own, under the same schedule. */
  ownTrial: z.boolean(),
  outcome: AuditOutcome,
  lost: z.int().min(0),
  skipped: z.int().min(0),
  acked: z.int().min(0),
  price: Price,
  reasons: z.array(z.string()),
})
export type FixResult = z.infer<typeof FixResult>

export const AuditRow = z.strictObject({
  probe: AskedProbe,
  /** Name of the run folder with the history: the first run, or the one that repeated the probe. */
  run: z.string(),
  outcome: AuditOutcome,
  counts: Counts,
  /** Tries in which it could be told what became of the messages, and in how many of them messages were lost or skipped. */
  tries: z.strictObject({ made: z.int().min(1), lost: z.int().min(0) }),
  /** Causes of the loss, most messages first. */
  causes: z.array(z.strictObject({ code: z.string(), text: z.string(), count: z.int().min(1) })),
  price: Price,
  /** The proved fix: of those under which nothing was lost or skipped, the one that changes fewest settings. */
  fix: FixResult.optional(),
  /** Every fix that was tried, also those that did not help. */
  tried: z.array(FixResult),
  /** The settings of the user that the fix changes, where the files give them. */
  origins: z.array(AuditedSetting),
  /** Why it is inconclusive. */
  reasons: z.array(z.string()),
  allowed: z.boolean(),
})
export type AuditRow = z.infer<typeof AuditRow>

/** Changes of the user's files that put the proved fixes in force. */
export const AuditPatch = z.strictObject({
  /** Unified diff of all files, for `patch -p0`; empty when nothing changes. */
  diff: z.string(),
  changes: z.array(
    z.strictObject({
      /** Settings that the line changes, as `place.setting`. */
      names: z.array(z.string()),
      file: z.string(),
      /** Of the changed line; of the line before an added one. */
      line: z.int(),
      /** The line before the change, without its indentation. Absent for an added line. */
      before: z.string().optional(),
      after: z.string(),
    }),
  ),
  notPatched: z.array(
    z.strictObject({
      /** `place.setting` */
      name: z.string(),
      value: SettingValue,
      /** Why, and what to do instead. */
      reason: z.string(),
    }),
  ),
})
export type AuditPatch = z.infer<typeof AuditPatch>

export const AuditResult = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  plan: AuditPlan,
  rows: z.array(AuditRow),
  /** Absent where nothing was lost that a setting would have kept. */
  patch: AuditPatch.optional(),
  /** `violated`: something acknowledged was lost or skipped in a probe that is not allowed. */
  verdict: z.enum(['violated', 'inconclusive', 'held']),
})
export type AuditResult = z.infer<typeof AuditResult>
