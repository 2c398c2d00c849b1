import { expect, test } from 'vitest'
import { daemonEnvironment } from './install.ts'

test('the engine does not depend on a temporary folder that ends with this process', () => {
  expect(daemonEnvironment({ PATH: '/usr/bin', TMPDIR: '/tmp/build-17', HTTP_PROXY: 'http://proxy:3128' })).toEqual({
    PATH: '/usr/bin',
    HTTP_PROXY: 'http://proxy:3128',
  })
})
