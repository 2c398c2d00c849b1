/** Everything that code outside this folder needs to know about faults, apart from the list in index.ts. */
export * from './contract/abilities.ts'
export type * from './contract/client.ts'
export type * from './contract/context.ts'
export type * from './contract/fault.ts'
export type * from './contract/link.ts'
export type * from './contract/node.ts'
export type * from './contract/partition.ts'
export * from './contract/roles.ts'
