/** Reading of anybody's configuration files, as they are. */
export type { ClassifiedKey, Configuration, FileLine, FileSummary, KeyVerdict, PlacedSetting } from './configuration.ts'
export type { SourceText } from './documents.ts'
export { readSource, withMentioned } from './files.ts'
export { readConfiguration } from './read.ts'
export type { ReadOptions } from './read.ts'
export { scenarioText } from './scenario-text.ts'
export type { ScenarioParts } from './scenario-text.ts'
export { summaryLines } from './summary.ts'
