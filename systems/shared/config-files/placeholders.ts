/** Placeholders in configuration values: `${NAME}`, with the syntax for defaults of docker-compose or of Spring. */
import type { SettingValue } from '../../../model/plan.ts'

export type PlaceholderStyle = 'compose' | 'spring'

const patterns: Readonly<Record<PlaceholderStyle, RegExp>> = {
  // ${NAME:-default}, ${NAME-default}, ${NAME:?message}, ${NAME:+alternative}, ${NAME}, $NAME; $$ is a literal $.
  compose: /\$\$|\$\{(?<name>\w+)(?:(?<operator>:?[-?+])(?<rest>[^}]*))?\}|\$(?<bare>[A-Za-z_]\w*)/g,
  // ${name:default}, ${name}
  spring: /\$\{(?<name>[^}:]+)(?<operator>:)?(?<rest>[^}]*)\}/g,
}

/** Replaces placeholders that have a default. Those without one stay in the text, and `unresolved` finds them. */
export function withDefaults(value: SettingValue, style: PlaceholderStyle): SettingValue {
  if (typeof value !== 'string' || !value.includes('$')) return value
  return value.replace(patterns[style], (match: string, ...rest: unknown[]) => {
    if (match === '$$') return '$'
    const groups = rest.at(-1) as Record<string, string | undefined>
    const operator = groups['operator'] ?? ''
    const hasDefault = style === 'spring' ? operator === ':' : operator.endsWith('-')
    return hasDefault ? (groups['rest'] ?? '') : match
  })
}

/** The first placeholder in a value that has no default, such as `${ACKS}`. */
export function unresolved(value: SettingValue): string | undefined {
  return typeof value === 'string' ? /\$\{[^}]*\}|\$[A-Za-z_]\w*/.exec(value)?.[0] : undefined
}
