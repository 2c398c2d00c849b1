/**
 * The ids by which inputs of an application are known again in its output: `3f9a2c17-42` is message 42 of a lane. The part
 * before the dash differs between lanes and between trials, so that no output of another run can be taken for one of this.
 */
import { crc32 } from 'node:zlib'

/** `t0`: the beginning of the trial on the machine's monotonic clock, which no other trial has. */
export const tagOf = (t0: string, lane: string): string => crc32(`${t0} ${lane}`).toString(16).padStart(8, '0')

export const idOf = (tag: string, s: number): string => `${tag}-${s}`

/** What a text of the output names: an input of this lane, an input of another lane or trial, or nothing. */
export type Named = { s: number } | 'foreign' | 'nothing'

/** The id may stand anywhere in the text, as in `invoice/3f9a2c17-42`. Two different ids in one text name nothing. */
export function inputNamed(text: string, tag: string): Named {
  const found = [...text.matchAll(/(?<![0-9a-f])(?<tag>[0-9a-f]{8})-(?<number>\d{1,10})(?!\d)/g)]
  const own = new Set(found.flatMap(({ groups }) => (groups?.['tag'] === tag ? [Number(groups['number'])] : [])))
  const [s, other] = own
  if (s !== undefined) return other === undefined ? { s } : 'nothing'
  return found.length > 0 ? 'foreign' : 'nothing'
}
