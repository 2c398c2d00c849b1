/** Runs `work` once and prints its time, its processor time and the peak memory of the process, as JSON. */
export async function printMeasured(work: () => Promise<{ lost: number; verdict: string }>): Promise<void> {
  const started = performance.now()
  const before = process.cpuUsage()
  const found = await work()
  const { user, system } = process.cpuUsage(before)
  const wallMs = performance.now() - started
  console.log(
    JSON.stringify({
      ...found,
      wallMs,
      cpuMs: (user + system) / 1000,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    }),
  )
}
