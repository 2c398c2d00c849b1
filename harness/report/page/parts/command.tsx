import { useEffect, useState } from 'preact/hooks'

/** How long the button says that the command was copied. */
const confirmedMs = 2500

/** A command with a button that copies it and says so. */
export function Command({ text }: { text: string }) {
  const [result, setResult] = useState<'copied' | 'failed'>()
  useEffect(() => {
    if (result === undefined) return
    const timer = setTimeout(() => setResult(undefined), confirmedMs)
    return () => clearTimeout(timer)
  }, [result])
  const label = result === 'copied' ? 'Copied' : result === 'failed' ? 'Select it and copy' : 'Copy'
  return (
    <div class="command">
      <code>
        <bdi>{text}</bdi>
      </code>
      <button type="button" onClick={() => void copyText(text).then(copied => setResult(copied ? 'copied' : 'failed'))}>
        {label}
        <span class="sr"> the command</span>
      </button>
      <span role="status" class="sr">
        {result === undefined ? '' : label}
      </span>
    </div>
  )
}

/** Browsers offer the clipboard to pages from https and files only, so that others copy a selection. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelection(text)
  }
}

function copySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'sr'
  document.body.append(area)
  const focused = document.activeElement
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
