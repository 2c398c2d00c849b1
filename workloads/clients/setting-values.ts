/** Conversions that the adapters share when they map settings to the options of a library. */
import type { SettingValue } from '../../model/plan.ts'

export function asNumber(value: SettingValue | undefined): number | undefined {
  return value === undefined || value === null ? undefined : Number(value)
}

export function asFlag(value: SettingValue | undefined): boolean | undefined {
  return value === undefined || value === null ? undefined : String(value) === 'true'
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Removes keys whose value is undefined: some libraries take an explicit undefined in place of their default. */
export function withoutUndefined<T extends object>(options: T): Defined<T>
export function withoutUndefined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
