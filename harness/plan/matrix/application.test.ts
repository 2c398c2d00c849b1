import { expect, test } from 'vitest'
import { planOf } from '../testing/demo.ts'

const yaml = `name: app
system: kafka
lanes:
  defaults:
    app:
      in: orders
      out: invoices
      correlate: $.order.id
      within: 5s
      env: { ORDERS: '{in}' }
  matrix:
    app.command: [node first.mjs, node second.mjs]
workload: { consumers: 2 }
schedule:
  - after: { processed: 5 }
    inject: { fault: crash-app }
  - after: { client-gone: true }
    inject: { fault: latency, target: app, ms: 50 }
expect:
  - when: { app.command: node first.mjs }
    skipped: '>= 1'
    late: 0
  - when: { app.command: node second.mjs }
    skipped: 0
`

test('an application is the consumer of its lane, between two topics of the lane', () => {
  const { trials, cells } = planOf(yaml)
  const [trial] = trials
  expect(trial?.lanes.map(({ topic, app }) => [topic.name, app])).toEqual(
    ['first', 'second'].map(name => [
      `app.orders.command-node-${name}.mjs`,
      {
        out: { name: `app.invoices.command-node-${name}.mjs` },
        correlate: '$.order.id',
        message: '{"id":"{id}","number":{number}}',
        withinMs: 5000,
      },
    ]),
  )
  expect(trial?.lanes[0]?.consumer).toMatchObject({
    client: 'application',
    instances: 2,
    clientSettings: { command: 'node first.mjs', folder: '.', 'env.ORDERS': '{in}', in: 'orders', out: 'invoices' },
  })
  expect(cells.map(({ settings }) => settings['app.command'])).toEqual(['node first.mjs', 'node second.mjs'])
  expect(trial?.schedule.flatMap(step => step.inject)).toMatchObject([
    { fault: 'crash-app', target: 'app' },
    { fault: 'latency', target: 'app' },
  ])
})

test('a command may be a list, and an image needs none', () => {
  const command = (text: string) =>
    planOf(`name: a\nsystem: kafka\nlanes: { defaults: { app: { ${text}, in: a, out: b } } }`).trials[0]?.lanes[0]
      ?.consumer?.clientSettings
  expect(command('command: [node, "a b.mjs"]')).toMatchObject({ command: '["node","a b.mjs"]', folder: '.' })
  expect(command('image: shop/invoices')).toEqual({ image: 'shop/invoices', in: 'a', out: 'b' })
})

test('inputs keep the payload of the harness where their key or a header names them', () => {
  const app = (more: string) =>
    planOf(`name: a\nsystem: kafka\nlanes: { defaults: { app: { command: a, in: a, out: b${more} } } }`).trials[0]
      ?.lanes[0]?.app
  expect(app('')).toEqual({ out: { name: 'a.b.lane' }, correlate: 'key' })
  expect(app(', correlate: header:id')).toEqual({ out: { name: 'a.b.lane' }, correlate: 'header:id' })
  expect(app(`, message: '{"a":"{id}"}'`)).toMatchObject({ correlate: 'key', message: '{"a":"{id}"}' })
})
