/** The changes of the user's files: a unified diff, and what no file can change. */
import type { AuditPatch } from '../../../../../model/audit.ts'
import { settingValue } from '../../../words/settings.ts'
import { Words } from '../../parts/words.tsx'

const kinds: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place' }

export function Patch({ patch: { diff, notPatched } }: { patch: AuditPatch }) {
  return (
    <>
      {diff !== '' && (
        <section aria-labelledby="patch">
          <h2 id="patch">Change these lines</h2>
          <div class="scroll" role="region" tabIndex={0} aria-label="Unified diff">
            <pre class="patch">
              {diff
                .trimEnd()
                .split('\n')
                .map((line, at) => (
                  <span key={at} class={isFile(line) ? 'file' : kinds[line[0] ?? '']}>
                    {`${line}\n`}
                  </span>
                ))}
            </pre>
          </div>
        </section>
      )}
      {notPatched.length > 0 && (
        <section aria-labelledby="by-hand">
          <h2 id="by-hand">Change by hand</h2>
          <ul class="texts">
            {notPatched.map(({ name, value, reason }) => (
              <li key={name}>
                <code>
                  <Words text={`${name}=${settingValue(value)}`} />
                </code>
                : {reason}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

const isFile = (line: string) => line.startsWith('--- ') || line.startsWith('+++ ')
