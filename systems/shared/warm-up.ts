/** Brings a broker's first writes, which are many times slower than later ones, behind the trial's beginning. */
const quickMs = 25
const quickInARow = 20

/**
 * Writes until 20 writes in a row each take less than 25 ms, or until `limitMs` is over. An open-loop workload that began
 * on a cold broker would pile up until its requests expire, and never recover. A broker that stays slow is used as it is.
 */
export async function warmUp(write: () => Promise<unknown>, limitMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + limitMs
  for (let quick = 0; quick < quickInARow && performance.now() < deadline;) {
    signal.throwIfAborted()
    const started = performance.now()
    const written = await write().then(
      () => true,
      () => false,
    )
    quick = written && performance.now() - started < quickMs ? quick + 1 : 0
  }
}
