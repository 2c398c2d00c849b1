/** Judges the run in a folder once, completely: reading, outcomes, windows, recovery, causes, verdict. Prints its cost. */
import { checkRunFolder } from '../harness/cli/judging/check-folder.ts'
import { printMeasured } from './measured.ts'

await printMeasured(async () => {
  const { cells, verdict } = await checkRunFolder(process.argv[2] ?? '', 1)
  return { lost: cells.reduce((sum, cell) => sum + cell.counts.lost, 0), verdict }
})
