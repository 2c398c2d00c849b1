/** Reads the JSON of servers field by field. A value of another type than expected is an error that names the field. */
import { messageOf, RemotingError } from '../errors.ts'

export type JsonObject = ReadonlyMap<string, unknown>

/** `what` names the thing in errors. Throws RemotingError('malformed'). */
export function parseObject(text: string | Buffer, what: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text.toString('utf8'))
  } catch (error) {
    throw new RemotingError('malformed', `${what} is not valid JSON: ${messageOf(error)}`, { sent: true, cause: error })
  }
  return objectOf(value, what)
}

export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what, 'an object', value)
  return new Map(Object.entries(value))
}

export function listOf(object: JsonObject, key: string, what: string): unknown[] {
  const value = object.get(key)
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw wrong(`${key} of ${what}`, 'a list', value)
  return value
}

export function textOf(object: JsonObject, key: string, what: string): string {
  const value = object.get(key)
  if (typeof value !== 'string') throw wrong(`${key} of ${what}`, 'a text', value)
  return value
}

/** A whole number, written as a number or as text. */
export function intOf(object: JsonObject, key: string, what: string): number {
  return wholeNumber(object.get(key), `${key} of ${what}`)
}

export function flagOf(object: JsonObject, key: string): boolean {
  const value = object.get(key)
  return value === true || value === 'true'
}

export function wholeNumber(value: unknown, what: string): number {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^-?\d{1,16}$/.test(value)
        ? Number(value)
        : Number.NaN
  if (!Number.isSafeInteger(number)) throw wrong(what, 'a whole number', value)
  return number
}

function wrong(what: string, expected: string, value: unknown): RemotingError {
  return new RemotingError(
    'malformed',
    `${what}: expected ${expected}, got ${(JSON.stringify(value) ?? 'nothing').slice(0, 80)}`,
    { sent: true },
  )
}
