/** The changes of the user's files, as a unified diff. */
const kinds: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place' }

export function Patch({ text }: { text: string }) {
  const lines = text.trimEnd().split('\n')
  return (
    <section aria-labelledby="patch">
      <h2 id="patch">Change these lines</h2>
      <div class="scroll" role="region" tabIndex={0} aria-labelledby="patch">
        <pre class="patch">
          {lines.map((line, at) => (
            <span key={at} class={isFile(line) ? 'file' : kinds[line[0] ?? '']}>
              {`${line}\n`}
            </span>
          ))}
        </pre>
      </div>
    </section>
  )
}

const isFile = (line: string) => line.startsWith('--- ') || line.startsWith('+++ ')
