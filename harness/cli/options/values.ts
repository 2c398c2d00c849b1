/** Values of options. Whatever is wrong with one is a usage error that names the option and the value. */
import { parse } from 'yaml'
import { LossproofError, messageOf } from '../../../model/errors.ts'

/** For yargs' `coerce`: text → whole number of at least `least`. Throws LossproofError('usage'). */
export const wholeNumber =
  (option: string, least: number) =>
  (text: string | string[] | undefined): number | undefined => {
    if (text === undefined) return undefined
    const value = Number(text)
    if (String(text).trim() !== '' && Number.isSafeInteger(value) && value >= least) return value
    throw new LossproofError('usage', `--${option} ${String(text)}: expected a whole number from ${least}`)
  }

/** Reads the value of an option as YAML does. Throws LossproofError('usage') when it is not valid YAML. */
export function yamlValue(option: string, text: string): unknown {
  try {
    return parse(text, { logLevel: 'error', prettyErrors: false })
  } catch (error) {
    throw new LossproofError('usage', `--${option}: "${text}" is not valid YAML: ${messageOf(error)}`, {
      hint: `values are read as YAML; put one with special characters in quotes: '"${text.replaceAll('"', '')}"'`,
    })
  }
}

/** Splits `name=value` at the first `=`; undefined without a name. */
export function nameAndValue(text: string): { name: string; value: string } | undefined {
  const at = text.indexOf('=')
  return at > 0 ? { name: text.slice(0, at), value: text.slice(at + 1) } : undefined
}
