import { render } from 'preact'
import 'uplot/dist/uPlot.min.css'
import '../style/palette.css'
import './style/base.css'
import './style/matrix.css'
import './style/tables.css'
import './style/cell.css'
import './style/topology.css'
import './style/dashboard.css'
import './style/audit.css'
import './style/stress.css'
import './style/media.css'
import type { PageData } from '../page-data/page-data.ts'
import { App } from './app.tsx'
import { rememberScrolling } from './scroll.ts'

// Written by the same version of this project into this very file.
const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as PageData
const root = document.getElementById('app')
rememberScrolling()
if (root) render(<App data={data} />, root)
