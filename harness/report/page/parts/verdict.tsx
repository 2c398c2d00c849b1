/** A verdict as an icon, a word and a colour. */
import { kindWords, verdictNames } from '../../words/kinds.ts'
import type { Kind } from '../../words/kinds.ts'

const shapes: Record<Kind, string> = {
  held: 'M3 8.5 6.5 12 13 4.5',
  'expected-loss': 'M8 3v9M4 8.5 8 12.5 12 8.5',
  costly: 'M3 7 6.5 10.5 13 3M3 14.2h10',
  violated: 'M4 4l8 8M12 4l-8 8',
  inconclusive: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2Q8 8.8 8 10M8 12.6v.1',
  'not-shown': 'M8 3.5a4.5 4.5 0 1 0 .01 0zM4 12 12 4',
}

export const Icon = ({ kind }: { kind: Kind }) => (
  <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
    <path
      d={shapes[kind]}
      fill="none"
      stroke="currentColor"
      stroke-width="2.2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
)

/** `text` replaces the name of the kind. */
export const KindBadge = ({ kind, text = kindWords[kind].name }: { kind: Kind; text?: string }) => (
  <span class={`badge ${kind}`} title={kindWords[kind].means}>
    <Icon kind={kind} />
    {text}
  </span>
)

/** The verdict of a run. */
export const Verdict = ({ word }: { word: Exclude<Kind, 'expected-loss' | 'costly'> }) => (
  <KindBadge kind={word} text={verdictNames[word]} />
)
