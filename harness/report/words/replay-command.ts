/** The command that repeats a run with the same plan and seed. */
export function replayCommand(run: string): string {
  return `./lossproof replay ${shellWord(`results/${run}`)}`
}

/** Quotes the text so that a shell reads it as one word. */
function shellWord(text: string): string {
  return /^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
