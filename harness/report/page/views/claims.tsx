/** Each piece of advice, the cells that show or refute it, and their numbers. */
import {
  faultWords,
  harmsOf,
  kindOf,
  kindWords,
  shortSetting,
  valueWords,
  variedSettings,
} from '../../page-data/kinds.ts'
import type { CellPage, RunPage } from '../../page-data/page-data.ts'
import { number, plural, settingsWords, variedByScenario } from '../format.ts'
import { cellHref } from '../parts/tile.tsx'
import { KindBadge } from '../parts/verdict.tsx'

type Claim = RunPage['claims'][number]

export function Claims({ data }: { data: RunPage }) {
  const byId = new Map(data.cells.map(cell => [cell.id, cell]))
  const judged = data.claims.map(claim => ({
    claim,
    cells: claim.cells.flatMap(id => byId.get(id) ?? []),
    word: wordOf(claim, byId),
  }))
  const count = (word: string) => judged.filter(one => one.word === word).length
  return (
    <>
      <h1 tabIndex={-1}>
        {plural(data.claims.length, 'claim')}: {count('shown')} shown, {count('not shown')} not shown,{' '}
        {count('refuted')} refuted, {count('undecided')} undecided
      </h1>
      <p class="lead">
        A piece of advice, and cells with opposite expectations under one fault. It is shown when all of them held: the
        unsafe setting lost what theory names, the safe one nothing.
      </p>
      {judged.map(one => (
        <ClaimSection key={one.claim.id} data={data} {...one} />
      ))}
    </>
  )
}

/** By its worst cell. A loss that did not happen this time refutes nothing, nor does what could not be seen. */
function wordOf(claim: Claim, cells: ReadonlyMap<string, CellPage>): keyof typeof badgeKind {
  if (claim.shown) return 'shown'
  const has = (verdict: CellPage['verdict']) => claim.cells.some(id => cells.get(id)?.verdict === verdict)
  if (has('violated')) return 'refuted'
  return !has('inconclusive') && has('not-shown') ? 'not shown' : 'undecided'
}

const badgeKind = { shown: 'held', 'not shown': 'not-shown', refuted: 'violated', undecided: 'inconclusive' } as const

function ClaimSection({
  data,
  claim,
  cells,
  word,
}: {
  data: RunPage
  claim: Claim
  cells: CellPage[]
  word: keyof typeof badgeKind
}) {
  const scenarios = new Set(cells.map(({ scenario }) => scenario))
  // Scenarios differ in much that is not the point: what each of them varies is.
  const varied = scenarios.size === 1 ? variedSettings(cells) : []
  const ofScenario = variedByScenario(data.cells)
  const faultsOf = (cell: CellPage) =>
    faultWords(data.trials.find(trial => trial.id === cell.trial)?.faults ?? []) || 'no fault'
  const faults = [...new Set(cells.map(faultsOf))]
  const missing = claim.cells.length - cells.length
  return (
    <section class="claim" aria-labelledby={`claim-${claim.id}`}>
      <h2 id={`claim-${claim.id}`}>{claim.text}</h2>
      <p class="muted">
        <span class={`badge ${badgeKind[word]}`}>{word}</span> <code>{claim.id}</code>
        {faults.length === 1 && <> under {faults[0]}</>}
      </p>
      <div class="scroll" role="region" tabIndex={0} aria-label={`Cells of ${claim.id}`}>
        <table class="list">
          <thead>
            <tr>
              {varied.length === 0 ? (
                <th scope="col">cell</th>
              ) : (
                varied.map(name => (
                  <th key={name} scope="col">
                    {shortSetting(name)}
                  </th>
                ))
              )}
              <th scope="col">verdict</th>
              {faults.length > 1 && <th scope="col">fault</th>}
              <th scope="col" class="right">
                sent
              </th>
              <th scope="col" class="right">
                acked
              </th>
              <th scope="col" class="right">
                lost
              </th>
              <th scope="col">what else happened</th>
              <th scope="col">expected</th>
            </tr>
          </thead>
          <tbody>
            {cells.map(cell => (
              <tr key={cell.id}>
                {varied.length === 0 ? (
                  <th scope="row">
                    {[cell.scenario, settingsWords(cell, ofScenario.get(cell.scenario) ?? [])]
                      .filter(text => text !== '')
                      .join(': ')}
                  </th>
                ) : (
                  varied.map((name, at) =>
                    at === 0 ? (
                      <th key={name} scope="row">
                        {valueWords(cell.settings[name])}
                      </th>
                    ) : (
                      <td key={name}>{valueWords(cell.settings[name])}</td>
                    ),
                  )
                )}
                <td>
                  <a href={cellHref(cell.id)} aria-label={`${kindWords[kindOf(cell)].name}: story of ${cell.id}`}>
                    <KindBadge kind={kindOf(cell)} />
                  </a>
                </td>
                {faults.length > 1 && <td>{faultsOf(cell)}</td>}
                <td class="right">{number(cell.counts.sent)}</td>
                <td class="right">{number(cell.counts.acked)}</td>
                <td class="right">{number(cell.counts.lost)}</td>
                <td>{harmsOf({ ...cell.counts, lost: 0 }).join(', ') || '–'}</td>
                <td class="words">
                  {cell.expect
                    .filter(({ expected, ok }, at) => at === 0 || !ok || expected !== '0')
                    .map(({ what, expected }) => `${what}: ${expected}`)
                    .join('; ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {missing > 0 && (
        <p class="muted">
          {plural(missing, 'cell')} of this claim {missing === 1 ? 'was' : 'were'} not part of this run.
        </p>
      )}
    </section>
  )
}
