/** Buttons that hide cells by verdict, and a search; both are in the address. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { kinds, kindWords } from '../../words/kinds.ts'
import type { Kind } from '../../words/kinds.ts'
import { number, plural } from '../../words/numbers.ts'
import { setQuery } from '../route.ts'
import { Icon } from './verdict.tsx'

/** The pause in typing after which the search is carried out. */
const typingMs = 150

export interface Filter {
  hidden: ReadonlySet<Kind>
  text: string
}

/** What the address filters. */
export const filterOf = (query: URLSearchParams): Filter => {
  const words = (query.get('hide') ?? '').split(',')
  return { hidden: new Set(kinds.filter(kind => words.includes(kind))), text: query.get('find') ?? '' }
}

interface Props {
  filter: Filter
  /** Cells of each kind, without the filter. */
  counts: ReadonlyMap<Kind, number>
  shown: number
  all: number
  /** What the search looks at. */
  searched: string
}

export function Filters({ filter: { hidden, text }, counts, shown, all, searched }: Props) {
  const toggle = (kind: Kind) => {
    const next = new Set(hidden)
    if (!next.delete(kind)) next.add(kind)
    setQuery({ hide: [...next].join(',') }, 'push')
  }
  return (
    <>
      <div class="filters" role="group" aria-label="Which cells are shown">
        {kinds.toReversed().map(kind => {
          const count = counts.get(kind) ?? 0
          return (
            <button
              key={kind}
              type="button"
              class={`filter ${kind}`}
              aria-pressed={!hidden.has(kind)}
              disabled={count === 0}
              title={kindWords[kind].means}
              onClick={() => toggle(kind)}
            >
              <Icon kind={kind} />
              <b>{number(count)}</b> {kindWords[kind].name}
            </button>
          )
        })}
        <Search text={text} />
        <span role="status" class="muted">
          {shown === all ? plural(shown, 'cell') : `${number(shown)} of ${plural(all, 'cell')}`}
        </span>
      </div>
      {shown === 0 && all > 0 && (
        <p class="notice">
          No cell matches
          {text === '' ? (
            ' the filters'
          ) : (
            <>
              {' '}
              “<bdi>{text}</bdi>”
            </>
          )}
          . The search looks at {searched}.
        </p>
      )}
    </>
  )
}

/** The first letter of a search makes a step for the back button, which leads back to all cells; the others make none. */
function Search({ text }: { text: string }) {
  const [typed, setTyped] = useState(text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setTyped(text), [text])
  useEffect(() => () => clearTimeout(timer.current), [])
  const search = (value: string) => {
    setTyped(value)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setQuery({ find: value }, text === '' ? 'push' : 'replace'), typingMs)
  }
  return (
    <label>
      Find{' '}
      <input
        type="search"
        dir="auto"
        value={typed}
        placeholder="acks, crash, flush…"
        onInput={event => search(event.currentTarget.value)}
      />
    </label>
  )
}
