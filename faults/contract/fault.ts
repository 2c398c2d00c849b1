/**
 * What a fault is. One file holds one fault: what it models and what it cannot, what it needs, and how it is injected,
 * proved and healed. It acts only through `FaultContext`, so the planner can import every fault without importing Docker.
 */
import type { Settings, SettingValue } from '../../model/plan.ts'
import type { Ability } from '../../model/abilities.ts'
import type { Capability } from './abilities.ts'
import type { FaultClient } from './client.ts'
import type { FaultContext } from './context.ts'
import type { FaultEffect } from './effects.ts'
import type { ClientLink } from './link.ts'
import type { FaultNode } from './node.ts'

/** What a fault attacks. */
export type FaultKind = 'process' | 'client' | 'client-link' | 'cluster-link' | 'disk' | 'cluster'

export interface Fault {
  id: string
  kind: FaultKind
  effects: readonly FaultEffect[]
  /** Faults that do less harm to the same targets, the strongest first: a finding is tried with them. Absent: none. */
  weaker?: readonly string[]
  /** One line for lists. */
  title: string
  /** The failure in production that it stands for. */
  models: string
  /** The failures it does not stand for. */
  cannotModel: string
  needs: readonly Capability[]
  /** Abilities that the system must have. Absent: none. */
  abilities?: readonly Ability[]
  /** Roles at which it can be aimed, of all systems. The first one that a system has is its default. */
  targets: readonly string[]
  /** Parameters beside `fault` and `target`. */
  params: Record<string, FaultParam>
  /** Producers keep sending while it is injected, because injecting takes long or has to hit traffic. */
  underLoad?: true
  /** Why a cluster of `brokers` brokers cannot have this fault with these parameters; undefined: it can. */
  refuses?: (brokers: number, params: Settings) => string | undefined
  inject(context: FaultContext, target: FaultTarget, params: Settings): Promise<Injected>
}

export interface FaultParam {
  doc: string
  /** Used when the scenario does not set it. */
  default?: SettingValue
  /** Returns what is wrong with a value, or undefined. */
  check: (value: SettingValue) => string | undefined
}

/** What a role resolved to: nodes; or clients of that role with their links to every broker. */
export interface FaultTarget {
  role: string
  nodes: FaultNode[]
  links: ClientLink[]
  clients: FaultClient[]
}

/** A fault that is in force. */
export interface Injected {
  /** Called while the fault lasts, before the next step; by then all its traces are visible. */
  evidence: () => Promise<FaultEvidence>
  /** Idempotent. Resolves when the cause is gone; the trial then waits for the cluster to recover. */
  heal: () => Promise<void>
}

/** The state that a fault caused, read back from outside the attacked thing. */
export interface FaultEvidence {
  /** False: the state was looked for and not found. The cell is then inconclusive. */
  complete: boolean
  seen: Record<string, unknown>
}
