import type { SettingValue } from '../../../model/plan.ts'
import type { NodeFact } from '../../shared/config-files/types.ts'

interface NodeSettings {
  /** `process.roles` */
  roles: SettingValue
  /** `controller.quorum.voters` */
  voters: SettingValue
  count: number
  complete: boolean
  file: string
  line: number
}

/** The node, and the quorum that its settings name. A node without roles is a broker, as with ZooKeeper. */
export function nodeOf({ roles, voters, ...where }: NodeSettings): NodeFact[] {
  const words = String(roles ?? 'broker')
    .split(',')
    .map(word => word.trim().toLowerCase())
  const role = ['broker', 'controller'].filter(word => words.includes(word)).join(',')
  const quorum = String(voters ?? '')
    .split(',')
    .filter(voter => voter.includes('@')).length
  return [
    { ...where, role: role === '' ? 'broker' : role },
    ...(quorum > 0 ? [{ ...where, role: 'voters', count: quorum }] : []),
  ]
}
