/** Whether the planner accepts what a command has composed, and why it does not. */
import { LossproofError } from '../../model/errors.ts'

/** The planner's refusal in words, without a place in a scenario that nobody wrote. Throws every other error again. */
export function refusalText(error: unknown): string {
  if (error instanceof LossproofError && error.code === 'scenario')
    return error.message.replace(/^the (?:probe|draw) [^:]+: /, '')
  throw error
}

/** The refusal of what `make` plans; undefined when the planner accepts it. */
export function refusalOf(make: () => unknown): string | undefined {
  try {
    make()
    return undefined
  } catch (error) {
    return refusalText(error)
  }
}
