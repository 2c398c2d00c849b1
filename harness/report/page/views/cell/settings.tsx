/** The settings of the cell, and what Lossproof set by itself in its trial. */
import type { CellPage, RunPage } from '../../../page-data/page-data.ts'
import { plural } from '../../../words/numbers.ts'
import { settingValue, shortSetting } from '../../../words/settings.ts'

export function Settings({ data, cell, varied }: { data: RunPage; cell: CellPage; varied: readonly string[] }) {
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <dl class="settings">
        {Object.entries(cell.settings).map(([name, value]) => (
          <div key={name} class={varied.includes(name) ? 'varied' : ''}>
            <dt>{name}</dt>
            <dd>{settingValue(value)}</dd>
          </div>
        ))}
      </dl>
      {varied.length > 0 && (
        <p class="muted">The cells of this scenario differ in {varied.map(shortSetting).join(', ')}.</p>
      )}
      <SetByHarness data={data} cell={cell} />
    </section>
  )
}

function SetByHarness({ data, cell }: { data: RunPage; cell: CellPage }) {
  const settings = data.setByHarness.filter(({ trials }) => trials.includes(cell.trial))
  if (settings.length === 0) return null
  return (
    <details>
      <summary>{plural(settings.length, 'setting')} that Lossproof sets by itself</summary>
      <div class="scroll" role="region" tabIndex={0} aria-label="Settings that Lossproof sets by itself">
        <table class="list">
          <thead>
            <tr>
              <th scope="col">setting</th>
              <th scope="col">value</th>
              <th scope="col">default of the system</th>
              <th scope="col">reason</th>
            </tr>
          </thead>
          <tbody>
            {settings.map(({ node, name, value, systemDefault, reason }) => (
              <tr key={`${node} ${name}`}>
                <th scope="row">
                  {node} {name}
                </th>
                <td>{settingValue(value)}</td>
                <td>{systemDefault ?? 'depends on the machine'}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
