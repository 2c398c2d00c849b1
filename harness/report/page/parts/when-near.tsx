/** Content that is made when it comes near the screen, because a page of ten thousand cells takes too long at once. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

const nearPx = 1200

/** `eager`: made at once. `heightPx`: room that it takes until then, so that the scroll bar hardly moves. */
export function WhenNear({
  eager,
  heightPx,
  children,
}: {
  eager: boolean
  heightPx: number
  children: () => ComponentChildren
}) {
  const ref = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(eager)
  useEffect(() => {
    if (near || !ref.current) return
    const show = () => setNear(true)
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) show()
      },
      { rootMargin: `${nearPx}px` },
    )
    observer.observe(ref.current)
    addEventListener('beforeprint', show)
    return () => {
      observer.disconnect()
      removeEventListener('beforeprint', show)
    }
  }, [near])
  return near || eager ? <>{children()}</> : <div ref={ref} style={{ height: `${heightPx}px` }} />
}
