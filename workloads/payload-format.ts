/**
 * What the messages of a lane contain. `lossproof`: lane, number and checksum, see payload.ts. `numbers`: `<first
 * number>.<number>`, as VerifiableProducer writes it with --value-prefix.
 */
export type PayloadFormat = 'lossproof' | 'numbers'
