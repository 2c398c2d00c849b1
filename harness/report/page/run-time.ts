/** When a run took place, as its name says. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `25 Nov 2026, 23:35` for the run `20261125-233500-quick-1`. Empty for a name without a time. */
export function runTime(run: string): string {
  const found = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)/.exec(run)
  if (!found) return ''
  const [, year, month, day, hour, minute] = found
  return `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}, ${hour}:${minute}`
}

/** `25 Nov 23:35`; the name itself where it has no time. */
export const shortRunTime = (run: string): string => runTime(run).replace(/ \d{4},/, '') || run
