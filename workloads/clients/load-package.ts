/** Loads the package of a client library that Lossproof does not depend on. */
import { createRequire } from 'node:module'
import { LossproofError, messageOf } from '../../model/errors.ts'

export interface OptionalPackage<T> {
  /** The client, as scenarios name it. */
  client: string
  packageName: string
  /** A command that installs the package. */
  installHint: string
  /** Checks that the package exports what is used of it. */
  parse: (exported: unknown) => T
}

/** Throws LossproofError('capability-missing') when the package is absent, or was compiled for another Node version. */
export function loadPackage<T>({ client, packageName, installHint, parse }: OptionalPackage<T>): T {
  try {
    return parse(createRequire(import.meta.url)(packageName))
  } catch (error) {
    const [reason] = messageOf(error).split('\n')
    throw new LossproofError('capability-missing', `the client ${client} is not installed: ${reason}`, {
      hint: installHint,
      cause: error,
    })
  }
}
