/** What all candidates for the cause of a loss start from. */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { Cause } from '../../../model/causes.ts'
import type { MessageGroup } from '../../shared/autopsy/groups.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import type { GroupCopies } from './group-copies.ts'

export interface LossFacts {
  p: number
  group: MessageGroup
  input: AutopsyInput
  copies: GroupCopies
  /** The leader when the first of them was sent, and the next leader, which may be the same broker again. */
  master: EpochChange
  next: EpochChange | undefined
  sent: { from: number; to: number }
  acked: { from: number; to: number }
}

export interface Candidate {
  code: string
  /** What an extract says against it; undefined: nothing. */
  contradiction: () => string | undefined
  cause: () => Cause
}
