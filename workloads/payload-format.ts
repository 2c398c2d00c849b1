/**
 * What the messages of a lane contain. `lossproof`: lane, number and checksum, see payload.ts. `numbers`: `<first
 * number>.<number>`, as VerifiableProducer writes it with --value-prefix. A template: what an application in the middle expects.
 */
export type PayloadFormat = 'lossproof' | 'numbers' | MessageTemplate

export interface MessageTemplate {
  template: string
  /** The part of the ids before the dash. */
  tag: string
  /** Least size. */
  sizeBytes: number
}
