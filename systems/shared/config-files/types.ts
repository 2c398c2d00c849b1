/** What a system says about its configuration files: which formats it reads, and what each key of them means. */
import type { Settings, SettingValue } from '../../../model/plan.ts'

/** A scalar value in a configuration file. */
export interface Leaf {
  /** Keys from the top. A list index is a number as text. A properties file has one key per leaf. */
  path: readonly string[]
  value: SettingValue
  /** Number of the line, from 1. */
  line: number
}

/** One document of a file: a YAML file can hold several. */
export interface ConfigDocument {
  file: string
  format: 'properties' | 'yaml' | 'json'
  leaves: readonly Leaf[]
}

/** Where a setting belongs in a scenario. */
export type SettingPlace = 'cluster' | 'broker' | 'topic' | 'producer' | 'consumer' | 'client' | 'workload'

/** What one key of a document means. */
export type KeyMeaning =
  /** A setting under its documented name. `topic`: the topic that it belongs to, when the file names one. */
  | {
      kind: 'setting'
      place: SettingPlace
      name: string
      value: SettingValue
      topic?: string
      /** True for a node whose settings the test cluster takes from another node, such as a slave from its master. */
      secondary?: boolean
    }
  /** Describes a node or the number of nodes. */
  | { kind: 'shape' }
  /** The test cluster needs another value: an address, a path, an identity, a security setting. */
  | { kind: 'replaced'; reason: string }
  | { kind: 'no-effect'; reason: string }
  /** A setting of the client library that the test cannot apply. */
  | { kind: 'unsupported'; reason: string }
  | { kind: 'unknown'; hint?: string }

export interface ReadKey {
  /** The key as the file spells it. */
  key: string
  leaf: Leaf
  meaning: KeyMeaning
}

/** A node, or several equal ones, that a file describes. */
export interface NodeFact {
  /** A word of the system: `broker`, `controller`, `master`, `slave`, `name-server`. */
  role: string
  count: number
  /** Whether the file describes all nodes of the cluster, and not only some of them. */
  complete: boolean
  /** Broker group, where the system has them. */
  group?: string
  file: string
  line: number
}

/** Something that the reader should know, at a line of a file. */
export interface FileNote {
  line: number
  text: string
}

/** What a format reads from one document. */
export interface Readout {
  keys: ReadKey[]
  nodes: NodeFact[]
  notes: FileNote[]
  /** Other configuration files that this one names. */
  mentions: { path: string; line: number }[]
  /** Id of the client library that the file configures. */
  client?: string
  /** The version of the system that the file names: `3.7`, `4.1.0`. */
  version?: { text: string; line: number }
}

/** The settings that a place of a system knows. */
export interface KnownSettings {
  has: (place: SettingPlace, name: string) => boolean
  names: (place: SettingPlace) => readonly string[]
  /** What is wrong with a value; undefined when the system accepts it. */
  refuse: (place: SettingPlace, name: string, value: SettingValue) => string | undefined
  /** Why Lossproof sets this setting itself, or cannot use it; undefined when a scenario can set it. */
  reserved: (place: SettingPlace, name: string) => string | undefined
}

/** A setting that a document shall have. */
export interface WantedSetting {
  place: SettingPlace
  name: string
  value: SettingValue
  /** The topic that is tested, when the files name one. */
  topic: string | undefined
}

/** How a format writes a setting. */
export interface SpelledSetting {
  /** Keys from the top of the document. With `item`: those of a list. */
  path: readonly string[]
  value: SettingValue
  /** The list has an item `item=value` instead of a key. */
  item?: string
  /** The setting as the format reads it, when it is another one with the same effect, such as a default of all topics. */
  as?: { place: SettingPlace; name: string }
}

export interface ConfigFormat {
  /** For people, after the name of the system: `producer`, `broker in docker-compose`. */
  label: string
  /** How well a document fits: 0 when it does not, `certain` when its structure leaves no doubt. */
  match: (document: ConfigDocument, known: KnownSettings) => number
  read: (document: ConfigDocument, known: KnownSettings) => Readout
  /** Every place of a document where the setting belongs; none when documents of this format cannot have it. */
  spell?: (setting: WantedSetting, document: ConfigDocument, known: KnownSettings) => SpelledSetting[]
}

/** The score of a document whose structure leaves no doubt about its format. */
export const certain = 1000

/** A setting that is dangerous by itself, whatever else is set. */
export interface Danger {
  place: SettingPlace
  name: string
  /** Whether a value is dangerous. Values of files are often text. */
  when: (value: SettingValue) => boolean
  why: string
  /** Address of the documentation that says so. */
  source: string
}

export interface ClusterFacts {
  /** Settings of the place `cluster`. */
  cluster: Settings
  /** What the files do not say, and what is assumed instead. */
  assumptions: string[]
}

/** What a system knows about configuration files. */
export interface ConfigFileFacts {
  formats: readonly ConfigFormat[]
  known: KnownSettings
  /** The cluster that the nodes of all files make up. Throws LossproofError('usage') for one that cannot be built. */
  cluster: (nodes: readonly NodeFact[]) => ClusterFacts
  /** Settings of topics that the files do not give, and the reasons. */
  topicDefaults: (cluster: Settings, broker: Settings, topic: Settings) => { topic: Settings; assumptions: string[] }
  /** Why a setting has no effect on loss, duplicates or order; undefined when it may have one. */
  noEffect: (place: SettingPlace, name: string) => string | undefined
  /** Why a name is no longer, or not, a setting of this version; undefined when nothing is known about it. */
  outdated: (name: string) => string | undefined
  dangers: readonly Danger[]
  /** The client library of files that name none. */
  defaultClient: string
}
