/** JSON Schemas, draft 2020-12, of every file that users write or other tools read. */
import { z } from 'zod'
import { jsonSchema, schemaNames } from '../../history/schema.ts'
import { AuditResult } from '../../model/audit.ts'
import { StressResult } from '../../model/stress/stress.ts'
import { LossproofError } from '../../model/errors.ts'
import { suggestion } from '../../model/nearest.ts'
import { Plan } from '../../model/plan.ts'
import { RunVerdict } from '../../model/verdict.ts'
import { Scenario } from './scenario/schema.ts'

/** By name, in the order in which a user meets them. */
export const jsonSchemas: Readonly<Record<string, () => object>> = {
  scenario: () => z.toJSONSchema(Scenario, { io: 'input', target: 'draft-2020-12' }),
  plan: () => z.toJSONSchema(Plan, { target: 'draft-2020-12' }),
  ...Object.fromEntries(schemaNames.map(name => [name, () => jsonSchema(name)])),
  verdict: () => z.toJSONSchema(RunVerdict, { target: 'draft-2020-12' }),
  audit: () => z.toJSONSchema(AuditResult, { target: 'draft-2020-12' }),
  stress: () => z.toJSONSchema(StressResult, { target: 'draft-2020-12' }),
}

/** Throws LossproofError('usage') for an unknown name. */
export function schemaOf(name: string): object {
  const make = jsonSchemas[name]
  if (make === undefined) {
    const names = Object.keys(jsonSchemas)
    throw new LossproofError('usage', `unknown schema "${name}"`, {
      hint: suggestion(name, names, `one of ${names.join(', ')}`),
    })
  }
  return make()
}
