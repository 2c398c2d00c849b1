/** Nodes, clients and links of the cell at the time of the cursor: who leads, who is in sync, and what faults hit. */
import { useEffect, useState } from 'preact/hooks'
import type { LaneTimeline, TimeSpan } from '../../../timeline/lane-timeline.ts'
import type { TrialTimeline } from '../../../timeline/trial-timeline.ts'
import { drawTopology } from '../../../topology/draw.ts'
import { nodesOf } from '../../../topology/members.ts'
import { momentsOf } from '../../../topology/moments.ts'
import { sceneText } from '../../../topology/scene-text.ts'
import { sceneAt } from '../../../topology/scene.ts'
import { plural, seconds } from '../../../words/numbers.ts'
import type { SystemWords } from '../../../words/systems.ts'
import { Shapes } from '../../parts/drawing.tsx'
import { onPoint, pointAt } from '../../parts/pointer.ts'
import { useWidth } from '../../parts/width.ts'

interface Props {
  trial: TrialTimeline
  lane: LaneTimeline
  words: SystemWords | undefined
  /** The part of the trial that the other drawings show. */
  shown: TimeSpan
}

export function Topology({ trial, lane, words, shown }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const moments = momentsOf(trial, lane)
  const [chosen, choose] = useState<number>(() => (moments.findLast(({ hit }) => hit) ?? moments[0])?.t ?? shown.from)
  const [pointed, setPointed] = useState<number | null>(null)
  useEffect(() => onPoint((ms, source) => source !== 'topology' && setPointed(ms)), [])
  const history = { trial, lane, words: words ?? { leader: 'leader', inSync: 'in sync' } }
  const t = pointed ?? chosen
  const text = sceneText(history, t)
  const drawing = drawTopology(sceneAt(history, t), width)
  const { left } = nodesOf(history)
  const show = (ms: number) => {
    choose(ms)
    pointAt(ms, 'topology')
  }
  return (
    <div class="topology">
      <h3>Who leads, and what is cut, at {seconds(t)}</h3>
      <div class="moments">
        {moments.map(moment => (
          <button
            key={moment.t}
            type="button"
            class="more"
            aria-pressed={pointed === null && chosen === moment.t}
            onClick={() => show(moment.t)}
          >
            <bdi>{moment.text}</bdi> <span class="muted">{seconds(moment.t)}</span>
          </button>
        ))}
      </div>
      <input
        type="range"
        aria-label="Time of the drawing"
        aria-valuetext={seconds(t)}
        min={shown.from}
        max={shown.to}
        step={10}
        value={t}
        onInput={event => show(Number(event.currentTarget.value))}
      />
      <div class="beside">
        <div class="scroll" role="region" tabIndex={0} aria-label="Topology" ref={ref}>
          {width > 0 && (
            <svg
              width={drawing.width}
              height={drawing.height}
              viewBox={`0 0 ${drawing.width} ${drawing.height}`}
              role="img"
              aria-label="Clients, brokers and other nodes with their links. The list below says the same as text."
            >
              <Shapes shapes={drawing.shapes} />
            </svg>
          )}
        </div>
        <ul class="plain">
          {text.hit.map(line => (
            <li key={line} class="violated">
              <bdi>{line}</bdi>
            </li>
          ))}
          {text.seen.map(line => (
            <li key={line}>
              <bdi>{line}</bdi>
            </li>
          ))}
          {left.length > 0 && (
            <li class="muted">
              {plural(left.length, 'broker')} of the trial {left.length === 1 ? 'holds' : 'hold'} nothing of this cell
            </li>
          )}
        </ul>
      </div>
      <p class="muted">
        It follows the cursor over the drawings. Arrows: copies go from the leader to its replicas; dashed: a replica
        that is not in sync, or a link to a node that does not run. Cross: gone or cut. Hourglass: slow.
      </p>
    </div>
  )
}
