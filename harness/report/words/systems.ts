/** Names of systems in reports. A verdict may come from a version of Lossproof that knows other systems. */
import { systems } from '../../../systems/index.ts'
import type { ReportWords } from '../../../systems/shared/facts.ts'

/** What reports call a system, its roles and its states. */
export interface SystemWords extends ReportWords {
  /** As people spell it; the id for an unknown system. */
  label: string
}

export function systemWords(id: string): SystemWords {
  const facts = systems.find(system => system.id === id)
  return facts === undefined
    ? { label: id, leader: 'leader', inSync: 'in sync', commonRoles: {} }
    : { label: facts.label, ...facts.words }
}

export const systemLabel = (id: string): string => systemWords(id).label
