/**
 * Inputs of an application that expects a form of its own: a template with the message's id and number in it, padded with
 * spaces. A stored message is read back by its id, and has to be what the template makes of it, byte for byte.
 */
import type { MessageTemplate } from '../payload-format.ts'
import { idOf, inputNamed } from './ids.ts'

/** What the messages of a lane contain where a path into JSON is to find their ids, and nothing else is given. */
export const defaultJson = '{"id":"{id}","number":{number}}'

export function encodeTemplate({ template, tag, sizeBytes }: MessageTemplate, s: number): Buffer {
  const text = Buffer.from(template.replaceAll('{id}', idOf(tag, s)).replaceAll('{number}', String(s)), 'utf8')
  return text.length >= sizeBytes ? text : Buffer.concat([text, Buffer.alloc(sizeBytes - text.length, ' ')])
}

/** The number of a message; `corrupt` where it has an id of the lane and differs from what was sent. */
export function decodeTemplate(value: Buffer, format: MessageTemplate): number | 'corrupt' | 'foreign' {
  const named = inputNamed(value.toString('utf8'), format.tag)
  if (typeof named !== 'object') return 'foreign'
  return encodeTemplate(format, named.s).equals(value) ? named.s : 'corrupt'
}
