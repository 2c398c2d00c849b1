/** What the audit read from the files, what it assumed, and what it did not ask. */
import type { AuditPlan } from '../../../../../model/audit.ts'
import { fileText, quietKeys, settingText, urgentKeys } from '../../../audit/words.ts'
import { plural } from '../../../words/numbers.ts'
import { settingValue } from '../../../words/settings.ts'
import { Words } from '../../parts/words.tsx'

export function Files({ plan }: { plan: AuditPlan }) {
  const urgent = urgentKeys(plan.keys)
  const quiet = quietKeys(plan.keys)
  return (
    <>
      {urgent.length > 0 && (
        <section aria-labelledby="urgent">
          <h2 id="urgent">Settings to check</h2>
          <ul class="reasons">
            {urgent.map(({ where, text, source }, at) => (
              <li key={at}>
                <code>{where}</code> <Words text={text} />
                {source !== undefined && (
                  <>
                    {' '}
                    <Source address={source} name={where} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="files">
        <h2 id="files">What was read</h2>
        <List texts={plan.files.map(fileText)} />
        {plan.assumptions.length > 0 && (
          <>
            <h3>Assumed</h3>
            <List texts={plan.assumptions} />
          </>
        )}
        {plan.notes.length > 0 && (
          <>
            <h3>Noted</h3>
            <List texts={plan.notes.map(({ file, line, text }) => `${file}:${line}: ${text}`)} />
          </>
        )}
        <details>
          <summary>{plural(plan.settings.length, 'setting')} of the test</summary>
          <List texts={plan.settings.map(settingText)} />
        </details>
        {quiet.map(({ label, names }) => (
          <details key={label}>
            <summary>
              {plural(names.length, 'setting')}: {label}
            </summary>
            <List texts={names} />
          </details>
        ))}
        {plan.setByHarness.length > 0 && (
          <details>
            <summary>{plural(plan.setByHarness.length, 'setting')} set by Lossproof</summary>
            <List
              texts={plan.setByHarness.map(({ name, value, reason }) => `${name}=${settingValue(value)}: ${reason}`)}
            />
          </details>
        )}
      </section>
      {plan.notAsked.length > 0 && (
        <section aria-labelledby="not-asked">
          <h2 id="not-asked">Not asked</h2>
          <List texts={plan.notAsked.map(({ title, reason }) => `${title}: ${reason}`)} />
        </section>
      )}
      {plan.cannotSee.length > 0 && (
        <section aria-labelledby="cannot-see">
          <h2 id="cannot-see">What this audit cannot see</h2>
          <List texts={plan.cannotSee} />
        </section>
      )}
    </>
  )
}

const List = ({ texts }: { texts: readonly string[] }) => (
  <ul class="texts">
    {texts.map((text, at) => (
      <li key={at}>
        <Words text={text} />
      </li>
    ))}
  </ul>
)

/** Only addresses of the web become links. */
const Source = ({ address, name }: { address: string; name: string }) =>
  address.startsWith('https://') ? (
    <a href={address} rel="noreferrer">
      documentation<span class="sr"> of {name}</span>
    </a>
  ) : (
    <span>{address}</span>
  )
