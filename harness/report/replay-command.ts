/** The command that repeats a run: same plan, same seed. */
export function replayCommand(run: string): string {
  return `./lossproof replay ${quoted(`results/${run}`)}`
}

/** As a shell takes it as one word. */
function quoted(word: string): string {
  return /^[\w./:=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
