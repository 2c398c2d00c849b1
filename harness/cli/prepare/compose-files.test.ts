import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planOf } from '../../plan/testing/demo.ts'
import { checkComposeFiles } from './compose-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'lossproof-compose-'))

function planWith(text: string, brokers: string) {
  const file = join(folder, 'docker-compose.yml')
  writeFileSync(file, text)
  return planOf(
    `name: own\nsystem: kafka\ncluster: { compose: ${file}, brokers: ${brokers}, attach: true }\nlanes: { cells: [{}] }\n`,
  )
}

const two = 'services:\n  kafka1: { image: apache/kafka }\n  kafka2: { image: apache/kafka }\n'

test('a compose file with the services is accepted', () => {
  expect(() => checkComposeFiles(planWith(two, '[kafka1, kafka2]'))).not.toThrow()
})

test('a service that the file does not have is refused with file, line and the nearest name', () => {
  const check = () => checkComposeFiles(planWith(two, '[kafka1, kafka-2]'))
  expect(check).toThrow(`${folder}/docker-compose.yml:2: no service "kafka-2", which cluster.brokers names`)
  expect(check).toThrow(expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('kafka2') }))
})

test('a file without services, and a missing file, are refused', () => {
  expect(() => checkComposeFiles(planWith('a: 1\n', '[kafka1]'))).toThrow('it has no services')
  const plan = planOf(
    `name: own\nsystem: kafka\ncluster: { compose: ${folder}/none.yml, brokers: [a], attach: true }\nlanes: { cells: [{}] }\n`,
  )
  expect(() => checkComposeFiles(plan)).toThrow('none.yml: no such file')
})

test('a project that is to be started is refused before the run when its links have to be cut and cannot', () => {
  const started = (fault: string, text = two) => {
    const file = join(folder, 'docker-compose.yml')
    writeFileSync(file, text)
    return planOf(`name: own
system: kafka
cluster: { compose: ${file}, brokers: [kafka1, kafka2] }
lanes: { cells: [{}] }
schedule:
  - after: { acked: 1 }
    inject: ${fault}
  - after: { acked: 2 }
    heal: all
`)
  }
  expect(() => checkComposeFiles(started('{ fault: pause, target: leader }'))).not.toThrow()
  expect(() => checkComposeFiles(started('{ fault: cut, target: producer }'))).toThrow(
    'links of clients cannot be cut: the service "kafka1" does not set KAFKA_LISTENERS',
  )
  const onHost = two.replace('kafka1: { ', 'kafka1: { network_mode: host, ')
  expect(() => checkComposeFiles(started('{ fault: cut, target: producer }', onHost))).toThrow(
    'links of clients cannot be cut: the service "kafka1" has a network_mode',
  )
})
