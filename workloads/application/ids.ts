/**
 * The ids by which inputs of an application are known again in its output: `3f9a2c17-42z` is message 42 of a lane. The part
 * before the dash differs between lanes and between trials, so that no output of another run can be taken for one of this. The
 * letter at the end is no digit, so that the number cannot grow by what stands behind it.
 */
import { crc32 } from 'node:zlib'

/** `t0`: when the trial began, on the machine's monotonic clock. No two trials begin at the same time. */
export const tagOf = (t0: string, lane: string): string => crc32(`${t0} ${lane}`).toString(16).padStart(8, '0')

export const idOf = (tag: string, s: number): string => `${tag}-${s}z`

/** What a text of the output names: an input of this lane, an input of another lane or trial, or nothing. */
export type Named = { s: number } | 'foreign' | 'nothing'

/** The id may stand anywhere in the text, as in `invoice3f9a2c17-42z.pdf`. Two different ids in one text name nothing. */
export function inputNamed(text: string, tag: string): Named {
  const own = new Set([...text.matchAll(new RegExp(`${tag}-(\\d{1,10})z`, 'g'))].map(match => Number(match[1])))
  const [s, other] = own
  if (s !== undefined) return other === undefined ? { s } : 'nothing'
  return /[0-9a-f]{8}-\d{1,10}z/.test(text) ? 'foreign' : 'nothing'
}
