/** What a patch of the user's files changes. */
import type { AuditPatch } from '../../../model/audit.ts'

export type Change = AuditPatch['changes'][number]
export type NotPatched = AuditPatch['notPatched'][number]

export interface Patch extends AuditPatch {
  /** New texts of the changed files, by name. */
  files: Map<string, string>
}
