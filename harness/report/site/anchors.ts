/** Anchors of headings, as GitHub makes them, so that links work there and in the site. */

/** `## What a fault hits` → `what-a-fault-hits`. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

/** Gives each heading of one page its anchor: a repeated one gets a number. */
export function anchorsOfPage(): (heading: string) => string {
  const seen = new Map<string, number>()
  return heading => {
    const anchor = anchorOf(heading)
    const times = seen.get(anchor) ?? 0
    seen.set(anchor, times + 1)
    return times === 0 ? anchor : `${anchor}-${times}`
  }
}
