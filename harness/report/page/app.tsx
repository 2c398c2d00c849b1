import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { DashboardPage, PageData, RunPage } from '../page-data/page-data.ts'
import { runTime } from './format.ts'
import { Verdict } from './parts/verdict.tsx'
import { useRoute } from './route.ts'
import type { Route } from './route.ts'
import { Cell } from './views/cell.tsx'
import { Claims } from './views/claims.tsx'
import { Dashboard } from './views/dashboard.tsx'
import { Matrix } from './views/matrix.tsx'
import { Systems } from './views/systems.tsx'
import { Trend } from './views/trend.tsx'
import { pointsOfDashboard, pointsOfRun } from './side-cells.ts'

export function App({ data }: { data: PageData }) {
  const route = useRoute()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(route.path)
  useEffect(() => {
    document.title = `${titleOf(data, route)} · Lossproof`
    if (shown.current === route.path) return
    shown.current = route.path
    window.scrollTo(0, 0)
    // Who cannot see that the page has changed is told by where the focus is.
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  })
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={event => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        Skip to content
      </a>
      {data.page === 'run' ? <RunHeader data={data} route={route} /> : <DashboardHeader data={data} route={route} />}
      <main id="main" ref={main} tabIndex={-1}>
        {data.page === 'run' ? runView(data, route) : dashboardView(data, route)}
      </main>
      <footer>
        <p>
          A cell that held has held under this schedule on this machine. Absence of loss in a run is no proof of
          absence. Times are of a small shared machine: compare within one run, never across machines.
        </p>
      </footer>
    </>
  )
}

function runView(data: RunPage, route: Route) {
  if (route.view === 'claims') return <Claims data={data} />
  if (route.view === 'systems')
    return <Systems cells={pointsOfRun(data)} link={id => `#/cell/${encodeURIComponent(id)}`} />
  const cell = route.view === 'cell' ? data.cells.find(({ id }) => id === route.id) : undefined
  return cell ? (
    <Cell key={cell.id} data={data} cell={cell} />
  ) : (
    <Matrix data={data} missing={route.view === 'cell' ? route.id : undefined} />
  )
}

function dashboardView(data: DashboardPage, route: Route) {
  if (route.view === 'systems')
    return <Systems cells={pointsOfDashboard(data)} link={id => `#/trend/${encodeURIComponent(id)}`} />
  const cell = route.view === 'trend' ? data.cells.find(({ id }) => id === route.id) : undefined
  return cell ? <Trend key={cell.id} data={data} cell={cell} /> : <Dashboard data={data} />
}

function titleOf(data: PageData, route: Route): string {
  const place = route.id ?? { claims: 'Claims', systems: 'Side by side', matrix: '', cell: '', trend: '' }[route.view]
  const whole = data.page === 'run' ? data.run : `${data.runs.length} runs`
  return place === '' ? whole : `${place} · ${whole}`
}

function RunHeader({ data, route }: { data: RunPage; route: Route }) {
  const systems = new Set<string>(data.cells.map(({ system }) => system))
  const used = [...systems, 'toxiproxy', 'engine', 'node'].flatMap(name =>
    data.versions[name] === undefined ? [] : [[name === 'engine' ? 'Docker' : name, data.versions[name]] as const],
  )
  return (
    <header>
      <div class="brand">
        <span class="mark" aria-hidden="true">
          L
        </span>{' '}
        Lossproof{' '}
        <span class="whole">
          run <Verdict word={data.verdict} />
        </span>
      </div>
      <p class="run">
        <strong>{data.run}</strong>
        <span>{runTime(data.run)}</span>
        <span>seed {data.seed}</span>
        {used.map(([name, version]) => (
          <span key={name}>
            {name} {version}
          </span>
        ))}
      </p>
      <Nav>
        <Tab href="#/" current={route.view === 'matrix'}>
          Matrix
        </Tab>
        {data.claims.length > 0 && (
          <Tab href="#/claims" current={route.view === 'claims'}>
            Claims
          </Tab>
        )}
        {systems.size > 1 && (
          <Tab href="#/systems" current={route.view === 'systems'}>
            Side by side
          </Tab>
        )}
      </Nav>
    </header>
  )
}

function DashboardHeader({ data, route }: { data: DashboardPage; route: Route }) {
  return (
    <header>
      <div class="brand">
        <span class="mark" aria-hidden="true">
          L
        </span>{' '}
        Lossproof
      </div>
      <p class="run">
        <strong>
          {data.runs.length} runs, {data.cells.length} cells
        </strong>
      </p>
      <Nav>
        <Tab href="#/" current={route.view === 'matrix'}>
          Over time
        </Tab>
        <Tab href="#/systems" current={route.view === 'systems'}>
          Side by side
        </Tab>
      </Nav>
    </header>
  )
}

const Nav = ({ children }: { children: ComponentChildren }) => <nav aria-label="Views">{children}</nav>
const Tab = ({ href, current, children }: { href: string; current: boolean; children: ComponentChildren }) => (
  <a href={href} aria-current={current ? 'page' : undefined}>
    {children}
  </a>
)
