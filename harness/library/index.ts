/**
 * What `import { … } from 'lossproof'` offers: run and judge scenarios, audit configurations, start clusters for tests of
 * your own. Matchers for vitest are in `lossproof/vitest`.
 */
export { ExitCode, LossproofError } from '../../model/errors.ts'
export type { ErrorCode, ErrorPlace } from '../../model/errors.ts'
export type { AuditOutcome, AuditRow } from '../../model/audit.ts'
export type { Answer, Counts, CountWord, Outcome } from '../../model/outcomes.ts'
export type { Plan, Settings, SettingValue } from '../../model/plan.ts'
export type { CellVerdict, RunVerdict, VerdictWord } from '../../model/verdict.ts'
export type { CauseCode } from '../../systems/causes.ts'
export { audit } from './audit.ts'
export type { Audit, AuditOptions } from './audit.ts'
export { startKafka } from './cluster/kafka.ts'
export type { KafkaOptions } from './cluster/kafka.ts'
export type { FaultId } from './cluster/fault-ids.ts'
export type { Evidence, InjectedFault, InjectOptions, Partition, TestCluster } from './cluster/types.ts'
export { check, plan, runScenario } from './run-scenario.ts'
export type { ExecuteOptions, PlanOptions, RunOptions, ScenarioInput, Scenarios } from './run-scenario.ts'
export type { Cause, Cell, Lost, Run, Skipped } from './result.ts'
export type { CallOptions, Progress } from './surroundings.ts'
