/** Each claim with the cells that show or refute it. */
import { faultsText } from '../../words/faults.ts'
import { kindOf } from '../../words/kinds.ts'
import { number, plural } from '../../words/numbers.ts'
import { resultOf } from '../../words/results.ts'
import { settingsText, settingValue, shortSetting, variedByScenario, variedSettings } from '../../words/settings.ts'
import type { CellPage, RunPage } from '../../page-data/page-data.ts'
import { cellHref } from '../route.ts'
import { KindBadge } from '../parts/verdict.tsx'

type Claim = RunPage['claims'][number]

/** `only`: id of the claim to show alone. */
export function Claims({ data, only }: { data: RunPage; only: string | undefined }) {
  const byId = new Map(data.cells.map(cell => [cell.id, cell]))
  const judged = data.claims.map(claim => ({
    claim,
    cells: claim.cells.flatMap(id => byId.get(id) ?? []),
    status: statusOf(claim, byId),
  }))
  const shown = only === undefined ? judged : judged.filter(({ claim }) => claim.id === only)
  const count = (status: ClaimStatus) => judged.filter(one => one.status === status).length
  return (
    <>
      <h1 tabIndex={-1}>
        {plural(data.claims.length, 'claim')}: {count('shown')} shown, {count('not shown')} not shown,{' '}
        {count('refuted')} refuted, {count('undecided')} undecided
      </h1>
      <p class="lead">
        A claim is a piece of advice. Cells with opposite expectations test it under one fault. The claim is shown when
        all of them held: the unsafe setting lost what theory predicts, and the safe setting lost nothing.
      </p>
      {only !== undefined && (
        <p class="notice">
          {shown.length === 0 ? `This run has no claim “${only}”.` : 'One claim is shown.'}{' '}
          <a href="#/claims">Show all {number(data.claims.length)}</a>
        </p>
      )}
      {shown.map(one => (
        <ClaimSection key={one.claim.id} data={data} {...one} />
      ))}
    </>
  )
}

/** Decided by the worst cell. Only a violated cell refutes a claim: a loss that did not happen this time may happen later. */
function statusOf(claim: Claim, cells: ReadonlyMap<string, CellPage>): ClaimStatus {
  if (claim.shown) return 'shown'
  const has = (verdict: CellPage['verdict']) => claim.cells.some(id => cells.get(id)?.verdict === verdict)
  if (has('violated')) return 'refuted'
  return !has('inconclusive') && has('not-shown') ? 'not shown' : 'undecided'
}

const badgeKind = { shown: 'held', 'not shown': 'not-shown', refuted: 'violated', undecided: 'inconclusive' } as const
type ClaimStatus = keyof typeof badgeKind

function ClaimSection({
  data,
  claim,
  cells,
  status,
}: {
  data: RunPage
  claim: Claim
  cells: CellPage[]
  status: ClaimStatus
}) {
  const scenarios = new Set(cells.map(({ scenario }) => scenario))
  // Between scenarios many settings differ that do not matter here, so only those varied within one scenario are shown.
  const varied = scenarios.size === 1 ? variedSettings(cells) : []
  const ofScenario = variedByScenario(data.cells)
  const faultsOf = (cell: CellPage) =>
    faultsText(data.trials.find(trial => trial.id === cell.trial)?.faults ?? []) || 'no fault'
  const faults = [...new Set(cells.map(faultsOf))]
  const missing = claim.cells.length - cells.length
  return (
    <section class="claim" aria-labelledby={`claim-${claim.id}`}>
      <h2 id={`claim-${claim.id}`}>{claim.text}</h2>
      <p class="muted">
        <span class={`badge ${badgeKind[status]}`}>{status}</span>{' '}
        <code>
          <bdi>{claim.id}</bdi>
        </code>
        {faults.length === 1 && (
          <>
            {' under '}
            <bdi>{faults[0]}</bdi>
          </>
        )}
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
              <th scope="col">kept?</th>
              <th scope="col">cost</th>
              <th scope="col">expected</th>
            </tr>
          </thead>
          <tbody>
            {cells.map(cell => (
              <tr key={cell.id}>
                {varied.length === 0 ? (
                  <th scope="row">
                    {[cell.scenario, settingsText(cell, ofScenario.get(cell.scenario) ?? [])]
                      .filter(text => text !== '')
                      .join(': ')}
                  </th>
                ) : (
                  varied.map((name, at) =>
                    at === 0 ? (
                      <th key={name} scope="row">
                        {settingValue(cell.settings[name])}
                      </th>
                    ) : (
                      <td key={name}>{settingValue(cell.settings[name])}</td>
                    ),
                  )
                )}
                <td>
                  <a href={cellHref(cell.id)} aria-label={`${resultOf(cell).headline}: details of ${cell.id}`}>
                    <KindBadge kind={kindOf(cell)} text={resultOf(cell).headline} />
                  </a>
                </td>
                {faults.length > 1 && <td>{faultsOf(cell)}</td>}
                <td class="right">{number(cell.counts.sent)}</td>
                <td class="right">{number(cell.counts.acked)}</td>
                <td>{resultOf(cell).kept}</td>
                <td>{resultOf(cell).cost || '–'}</td>
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
