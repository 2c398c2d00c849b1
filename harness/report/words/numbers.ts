/** Numbers, durations and plurals as every report prints them. */

// Kept, because making one takes much longer than formatting a number with it.
const format = new Intl.NumberFormat('en-US')

/** `1,721`. */
export const number = (value: number): string => format.format(value)

/** `1 cell`, `2 cells`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`

/** `3.1 s`; from 100 s on without a fraction. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 100_000 ? 1 : 0)} s`

/** `250 ms` below a second, else seconds; `–` where the figure is missing. */
export function duration(ms: number | undefined | null): string {
  if (ms === undefined || ms === null) return '–'
  return ms < 1000 ? `${Math.round(ms)} ms` : seconds(ms)
}
