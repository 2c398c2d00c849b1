/** One cell: expectations, faults, the fate of every message, and the causes of losses. */
import type { CellPage, RunPage } from '../../../page-data/page-data.ts'
import { scenariosAlike } from '../../../words/alike.ts'
import { kindOf } from '../../../words/kinds.ts'
import { number } from '../../../words/numbers.ts'
import { countedTexts } from '../../../words/reasons.ts'
import { resultOf } from '../../../words/results.ts'
import { settingsText, variedSettings } from '../../../words/settings.ts'
import { tryTexts } from '../../../words/tries.ts'
import { Command } from '../../parts/command.tsx'
import { Strip } from '../../parts/strip.tsx'
import { cellHref } from '../../route.ts'
import { Timeline } from '../../parts/timeline.tsx'
import { KindBadge } from '../../parts/verdict.tsx'
import { Words } from '../../parts/words.tsx'
import { Answer } from './answer.tsx'
import { Autopsy } from './autopsy.tsx'
import { Charts } from './charts.tsx'
import { EventList } from './event-list.tsx'
import { Expectations } from './expectations.tsx'
import { Faults } from './faults.tsx'
import { Figures } from './figures.tsx'
import { Settings } from './settings.tsx'
import { shownSpan, TimeRange } from './time-range.tsx'
import { Topology } from './topology.tsx'

export function Cell({ data, cell, query }: { data: RunPage; cell: CellPage; query: URLSearchParams }) {
  const trial = data.trials.find(({ id }) => id === cell.trial)
  const shown = trial && shownSpan(trial, query)
  const scenario = data.cells.filter(other => other.scenario === cell.scenario)
  const varied = variedSettings(scenario)
  const alike = scenariosAlike(scenario, () => trial?.faults ?? [])
  const at = data.cells.indexOf(cell)
  return (
    <article>
      <p class="crumbs">
        <a href={data.audit ? '#/matrix' : '#/'}>Matrix</a> <span aria-hidden="true">/</span>{' '}
        {data.systems[cell.system]?.label ?? cell.system} <span aria-hidden="true">/</span> <bdi>{cell.scenario}</bdi>
      </p>
      <h1 tabIndex={-1}>
        <Words text={settingsText(cell, varied) || cell.scenario} />{' '}
        <KindBadge kind={kindOf(cell)} text={resultOf(cell).headline} />
      </h1>
      <p class="lead">
        {number(cell.counts.sent)} sent, {number(cell.counts.acked)} acknowledged, {number(cell.counts.stored)} stored.
      </p>
      <Answer data={data} cell={cell} neighbours={scenario} varied={varied} />
      {alike.map(({ text }) => (
        <p class="notice" key={text}>
          {text}
        </p>
      ))}
      {cell.reasons.length > 0 && (
        <ul class="reasons">
          {countedTexts(cell.reasons).map((reason, index) => (
            <li key={index}>{reason}</li>
          ))}
        </ul>
      )}
      {tryTexts(cell).map(text => (
        <p class="notice" key={text}>
          {text}
        </p>
      ))}
      <Expectations cell={cell} />
      {trial && shown && trial.span.to > 1 && (
        <section aria-labelledby="timeline">
          <h2 id="timeline">What happened over time</h2>
          {trial.cluster !== '' && <p class="muted">{trial.cluster}</p>}
          <TimeRange trial={trial} shown={shown} />
          <Timeline trial={trial} lane={cell.timeline} words={data.systems[cell.system]} shown={shown} />
          {cell.timeline && trial.nodes.length > 0 && (
            <Topology trial={trial} lane={cell.timeline} words={data.systems[cell.system]} shown={shown} />
          )}
          {cell.timeline && <Charts trial={trial} lane={cell.timeline} shown={shown} />}
          <EventList trial={trial} lane={cell.lane} />
        </section>
      )}
      <section aria-labelledby="fates">
        <h2 id="fates">Every message</h2>
        {cell.timeline && cell.counts.sent > 0 ? (
          <Strip lane={cell.timeline} />
        ) : (
          <p class="muted">
            The run folder had no history of this cell when this page was made. The figures come from the verdict.
          </p>
        )}
      </section>
      <Autopsy cell={cell} />
      <Figures cell={cell} trial={trial} />
      {trial && <Faults trial={trial} />}
      <Settings data={data} cell={cell} varied={varied} />
      <section aria-labelledby="replay">
        <h2 id="replay">Run it again</h2>
        <Command text={cell.replay} />
      </section>
      <nav class="neighbours" aria-label="Neighbouring cells">
        <Neighbour cell={data.cells[at - 1]} word="Previous" rel="prev" />
        <Neighbour cell={data.cells[at + 1]} word="Next" rel="next" />
      </nav>
    </article>
  )
}

const Neighbour = ({ cell, word, rel }: { cell: CellPage | undefined; word: string; rel: string }) =>
  cell ? (
    <a href={cellHref(cell.id)} rel={rel}>
      <span class="muted">{word}</span> <bdi>{cell.id}</bdi>
    </a>
  ) : (
    <span />
  )
