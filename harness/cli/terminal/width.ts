/** How wide results are printed. */

/** Where no terminal tells its width, such as in CI logs and in files. */
const usual = 100
const [narrowest, widest] = [60, 200]

/** Columns of the terminal that shows standard output, from 60 to 200. */
export function outputWidth(
  { columns }: Pick<NodeJS.WriteStream, 'columns'> | { columns?: undefined } = process.stdout,
): number {
  return columns === undefined || columns === 0 ? usual : Math.min(widest, Math.max(narrowest, columns))
}
