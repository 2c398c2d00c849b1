/** Commands as the settings of a plan hold them: a list as JSON, or a text whose words are separated by spaces. */

export const asText = (command: readonly string[]): string => JSON.stringify(command)

/** The words of a command. */
export function wordsOf(text: string): string[] {
  if (!text.trimStart().startsWith('[')) return text.split(/\s+/).filter(word => word !== '')
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every(word => typeof word === 'string') ? list : []
  } catch {
    return []
  }
}
