/** The moments of a trial at which its topology is worth a look. */
import type { LaneTimeline } from '../timeline/lane-timeline.ts'
import type { TrialTimeline } from '../timeline/trial-timeline.ts'

export interface Moment {
  t: number
  /** `cut-replication leader`, `new leader`. */
  text: string
  /** A fault began. */
  hit: boolean
}

/** What comes within this time of another moment is shown with it, ms. */
const togetherMs = 150
const maxMoments = 12

/** The beginning, each fault, each change of leader, each heal; the first of them where there are too many. */
export function momentsOf(
  { span, hits }: Pick<TrialTimeline, 'span' | 'hits'>,
  { partitions }: Pick<LaneTimeline, 'partitions'>,
): Moment[] {
  const all: Moment[] = [
    { t: span.from, text: 'before', hit: false },
    ...hits.map(({ from, fault, target }) => ({ t: from, text: `${fault} ${target}`, hit: true })),
    ...partitions.flatMap(({ leaders }) =>
      leaders
        .slice(1)
        .map(({ t, leader }) => ({ t, text: leader < 0 ? 'without a leader' : 'leader changed', hit: false })),
    ),
    ...hits.flatMap(({ to, fault }) => (to === undefined ? [] : [{ t: to, text: `${fault} healed`, hit: false }])),
    { t: span.to, text: 'at the end', hit: false },
  ]
  const within = all.filter(({ t }) => t >= span.from && t <= span.to).toSorted((a, b) => a.t - b.t)
  const moments: Moment[] = []
  let begin = 0
  for (const moment of within) {
    const last = moments.at(-1)
    if (last === undefined || moment.t - begin > togetherMs) {
      if (moments.length === maxMoments) break
      begin = moment.t
      moments.push({ ...moment })
    } else {
      if (!last.text.split(', ').includes(moment.text)) last.text = `${last.text}, ${moment.text}`
      last.hit ||= moment.hit
      last.t = moment.t
    }
  }
  return moments
}
