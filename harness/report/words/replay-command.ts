/** How people start the command line: the launcher of a checkout, or the command of an installed package. */
const launcher = import.meta.url.includes('/node_modules/') ? 'npx lossproof' : './lossproof'

/** The command that repeats a run with the same plan and seed, or one of its cells only. */
export const replayCommand = (run: string, cell?: string): string => replayFolder(`results/${run}`, cell)

/** The same for a run in any folder. */
export function replayFolder(folder: string, cell?: string): string {
  const command = `${launcher} replay ${shellWord(folder)}`
  return cell === undefined ? command : `${command} --only ${shellWord(cell)}`
}

/** Quotes the text so that a shell reads it as one word. */
function shellWord(text: string): string {
  return /^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
