/** The keys that a schema accepts at a path, for hints about misspelt ones. */
import { z } from 'zod'
import type { ScenarioPath } from '../../../model/scenario-errors.ts'

export function keysAt(schema: unknown, path: ScenarioPath): string[] {
  const [first, ...rest] = path
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), path)
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap(option => keysAt(option, path)))]
  if (schema instanceof z.ZodArray) return typeof first === 'number' ? keysAt(schema.element, rest) : []
  if (!(schema instanceof z.ZodObject)) return []
  return first === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[first], rest)
}
