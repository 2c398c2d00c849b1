import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { DashboardPage, PageData, RunPage } from '../page-data/page-data.ts'
import { runTime } from './run-time.ts'
import { Verdict } from './parts/verdict.tsx'
import { plural } from '../words/numbers.ts'
import { useRoute } from './route.ts'
import type { Route } from './route.ts'
import { scrollToEntry } from './scroll.ts'
import { Audit } from './views/audit/audit.tsx'
import { Cause } from './views/cause.tsx'
import { Cell } from './views/cell/cell.tsx'
import { Claims } from './views/claims.tsx'
import { Dashboard } from './views/dashboard/dashboard.tsx'
import { Matrix } from './views/matrix.tsx'
import { Stress } from './views/stress/stress.tsx'
import { Systems } from './views/systems.tsx'
import { Trend } from './views/dashboard/trend.tsx'
import { cellsOfDashboard, cellsOfRun } from './cells-by-system.ts'

export function App({ data }: { data: PageData }) {
  const route = useRoute()
  const main = useRef<HTMLElement>(null)
  const shown = useRef<string>(undefined)
  useLayoutEffect(() => {
    document.title = `${titleOf(data, route)} · Lossproof`
    if (shown.current === route.path) return
    const isFirst = shown.current === undefined
    shown.current = route.path
    scrollToEntry()
    if (isFirst) return
    // Screen readers announce the new view because its heading gets the focus.
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
          A held cell met its expectations under this schedule on this machine. That a run lost nothing does not prove
          that the settings never lose anything. Compare times only within one run, never across machines.
        </p>
      </footer>
    </>
  )
}

function runView(data: RunPage, route: Route) {
  if (data.audit && isAudit(data, route)) return <Audit data={data} audit={data.audit} />
  if (route.view === 'claims') return <Claims data={data} only={route.query.get('claim') ?? undefined} />
  if (route.view === 'cause') return <Cause data={data} code={route.id ?? ''} />
  if (data.stress && isStress(data, route)) return <Stress data={data} stress={data.stress} />
  if (route.view === 'systems')
    return <Systems cells={cellsOfRun(data)} words={data.systems} link={id => `#/cell/${encodeURIComponent(id)}`} />
  const cell = route.view === 'cell' ? data.cells.find(({ id }) => id === route.id) : undefined
  return cell ? (
    <Cell key={cell.id} data={data} cell={cell} query={route.query} />
  ) : (
    <Matrix data={data} missing={route.view === 'cell' ? route.id : undefined} query={route.query} />
  )
}

/** The audit is the first tab of a run that has one, and the matrix of every other. */
const isAudit = (data: RunPage, { view }: Route) => data.audit !== undefined && (view === 'home' || view === 'audit')
const isStress = (data: RunPage, { view }: Route) =>
  data.stress !== undefined && ((view === 'home' && !data.audit) || view === 'stress')
const isMatrix = (data: RunPage, { view }: Route) =>
  view === 'matrix' || (view === 'home' && !data.audit && !data.stress)

function dashboardView(data: DashboardPage, route: Route) {
  if (route.view === 'systems')
    return (
      <Systems cells={cellsOfDashboard(data)} words={data.systems} link={id => `#/trend/${encodeURIComponent(id)}`} />
    )
  const cell = route.view === 'trend' ? data.cells.find(({ id }) => id === route.id) : undefined
  return cell ? <Trend key={cell.id} data={data} cell={cell} /> : <Dashboard data={data} query={route.query} />
}

function titleOf(data: PageData, route: Route): string {
  const titles = {
    home: '',
    audit: '',
    stress: '',
    claims: 'Claims',
    systems: 'Side by side',
    matrix: '',
    cell: '',
    cause: '',
    trend: '',
  }
  const view = route.id ?? titles[route.view]
  const name = data.page === 'run' ? data.run : plural(data.runs.length, 'run')
  return view === '' ? name : `${view} · ${name}`
}

/** Names of run.json's `versions` that are not systems. */
const labels: Record<string, string> = { engine: 'Docker', node: 'Node.js', toxiproxy: 'Toxiproxy' }

function RunHeader({ data, route }: { data: RunPage; route: Route }) {
  const systems = new Set(data.cells.map(({ system }) => system))
  const used = [...systems, 'toxiproxy', 'engine', 'node'].flatMap(name =>
    data.versions[name] === undefined
      ? []
      : [[labels[name] ?? data.systems[name]?.label ?? name, data.versions[name]] as const],
  )
  return (
    <header>
      <div class="brand">
        <span class="mark" aria-hidden="true">
          L
        </span>{' '}
        Lossproof{' '}
        <span class="run-verdict">
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
        {data.audit && (
          <Tab href="#/" current={isAudit(data, route)}>
            Audit
          </Tab>
        )}
        {data.stress && (
          <Tab href={data.audit ? '#/stress' : '#/'} current={isStress(data, route)}>
            Stress
          </Tab>
        )}
        <Tab href={data.audit || data.stress ? '#/matrix' : '#/'} current={isMatrix(data, route)}>
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
          {plural(data.runs.length, 'run')}, {plural(data.cells.length, 'cell')}
        </strong>
      </p>
      <Nav>
        <Tab href="#/" current={route.view === 'home' || route.view === 'matrix'}>
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
