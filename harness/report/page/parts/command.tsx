import { useState } from 'preact/hooks'

/** A command with a button that copies it. */
export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <div class="command">
      <code>{text}</code>
      <button type="button" onClick={copy}>
        Copy<span class="sr"> the command</span>
      </button>
      <span role="status" class="sr">
        {copied ? 'Copied' : ''}
      </span>
    </div>
  )
}
