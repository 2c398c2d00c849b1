/** What the adapters share when they map settings. */
import type { SettingValue } from '../../model/plan.ts'

export function number(value: SettingValue | undefined): number | undefined {
  return value === undefined || value === null ? undefined : Number(value)
}

export function flag(value: SettingValue | undefined): boolean | undefined {
  return value === undefined || value === null ? undefined : String(value) === 'true'
}

/** As the protocol spells it. */
export function acksOf(value: SettingValue | undefined): number | undefined {
  return value === 'all' ? -1 : number(value)
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the keys that have no value: for a library an explicit undefined can replace a default. */
export function given<T extends object>(options: T): Given<T>
export function given(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
