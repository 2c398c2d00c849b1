/** What a stress found: the claim, why, how often, what was tried to make it simpler, and the fix. */
import type { Finding } from '../../../../../model/stress/stress.ts'
import { scheduleWords, settingsWords } from '../../../../stress/finish/words.ts'
import type { CellPage } from '../../../page-data/page-data.ts'
import { duration, outcomeWords, reliability } from '../../../stress/words.ts'
import { plural } from '../../../words/numbers.ts'
import { Command } from '../../parts/command.tsx'
import { cellHref } from '../../route.ts'
import { Icon } from '../../parts/verdict.tsx'
import { Words } from '../../parts/words.tsx'

interface Props {
  findings: readonly Finding[]
  cells: readonly CellPage[]
  run: string
}

export function Findings({ findings, cells, run }: Props) {
  if (findings.length === 0) return null
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {findings.map(finding => (
        <article key={`${finding.kind} ${finding.trial}`} class="claim">
          {finding.kind === 'broken' ? (
            <Broken finding={finding} cells={cells} run={run} />
          ) : (
            <Apart finding={finding} />
          )}
        </article>
      ))}
    </section>
  )
}

function Apart({ finding }: { finding: Finding }) {
  return (
    <>
      <h3>
        Trial {finding.trial}: {outcomeWords[finding.kind]}
      </h3>
      <p>{finding.text}</p>
      <p class="beside">{finding.runs.join(', ')}</p>
    </>
  )
}

function Broken({ finding, cells, run }: { finding: Finding; cells: readonly CellPage[]; run: string }) {
  const { trial, cause, text, at, claim, shrunk, fix, tried, scenario, runs } = finding
  const trials = new Set(runs.map(name => name.replace(/^runs\//, '')))
  const own = cells.filter(cell => trials.has(cell.trial) && cell.verdict === 'violated').slice(0, 3)
  return (
    <>
      <h3>
        <span class="badge violated">
          <Icon kind="violated" />
          {cause}
        </span>{' '}
        in trial {trial}, after {duration(at)}
      </h3>
      <p>{claim}</p>
      <p>{text}</p>
      <dl class="facts">
        <dt>how often</dt>
        <dd>{reliability(finding)}</dd>
        {shrunk !== undefined && (
          <>
            <dt>schedule</dt>
            <dd>{scheduleWords(shrunk.draw)}</dd>
            <dt>settings</dt>
            <dd>
              <Words text={settingsWords(shrunk.settings)} />
            </dd>
            <dt>made simpler</dt>
            <dd>
              in {plural(shrunk.trials, 'trial')} and {duration(shrunk.seconds)}
              {shrunk.stopped === undefined ? '' : `; stopped because ${shrunk.stopped}`}
            </dd>
          </>
        )}
        <dt>fix</dt>
        <dd>
          {fix === undefined
            ? noFix(tried)
            : `${settingsWords(fix.settings)} kept all ${fix.acked} under the same schedule`}
        </dd>
        {own.length > 0 && (
          <>
            <dt>histories</dt>
            <dd>
              {own.map(cell => (
                <span key={cell.id}>
                  <a href={cellHref(cell.id)}>{cell.id}</a>{' '}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      {scenario !== undefined && <Command text={`./lossproof run results/${run}/${scenario}`} />}
      {shrunk !== undefined && shrunk.moves.length > 0 && (
        <details>
          <summary>{plural(shrunk.moves.length, 'attempt')} to make it simpler</summary>
          <ul>
            {shrunk.moves.map(({ what, stays, hits, runs: times }) => (
              <li key={what}>
                {stays ? 'still lost' : 'lost no more'}, {hits} of {times}: {what}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function noFix(tried: Finding['tried']): string {
  if (tried.length === 0) return 'no setting was tried'
  const texts = tried.map(
    ({ settings, outcome, lost }) => `${settingsWords(settings)} ${outcome === 'lost' ? `lost ${lost}` : outcome}`,
  )
  return `none was proved: ${texts.join('; ')}`
}
