/** The audit of a configuration: what each fault did to its messages, and what keeps them. */
import type { AuditResult } from '../../../../../model/audit.ts'
import type { RunPage } from '../../../page-data/page-data.ts'
import { headline, toneOf, worstFirst } from '../../../audit/words.ts'
import { plural } from '../../../words/numbers.ts'
import type { Tone } from '../../../audit/words.ts'
import { Files } from './files.tsx'
import { Patch } from './patch.tsx'
import { ProbeRows } from './probe-rows.tsx'

export function Audit({ data, audit: result }: { data: RunPage; audit: AuditResult }) {
  const { plan, rows, patch } = result
  const system = data.systems[plan.system]?.label ?? plan.system
  const count = (tone: Tone) => rows.filter(row => toneOf(row) === tone).length
  const title =
    count('bad') > 0
      ? `${count('bad')} of ${plural(rows.length, 'fault')} lost or skipped messages`
      : `${count('kept')} of ${plural(rows.length, 'fault')} cost no message`
  return (
    <>
      <h1 tabIndex={-1}>
        Audit of your {system} configuration: {title}
      </h1>
      <p class="lead">
        {headline(result)} Tested with {system} {plan.version} and the client {plan.client}.
      </p>
      {rows.length > 0 && (
        <section aria-label="Probes">
          <table class="list audit">
            <thead>
              <tr>
                <th scope="col">probe</th>
                <th scope="col">your settings</th>
                <th scope="col">why</th>
                <th scope="col">fix, proved</th>
                <th scope="col">set in</th>
              </tr>
            </thead>
            {worstFirst(rows).map(row => (
              <ProbeRows key={row.probe.id} row={row} cells={data.cells} run={data.run} />
            ))}
          </table>
        </section>
      )}
      {patch !== undefined && <Patch patch={patch} />}
      <Files plan={plan} />
    </>
  )
}
