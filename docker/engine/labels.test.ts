import { expect, test } from 'vitest'
import { ownerIsGone, ownerOf } from './labels.ts'

test('an owner is gone when its process or boot is; owners on other machines never are', () => {
  const owner = ownerOf(process.pid)
  const [host = '', boot = '', pid = '', start = ''] = owner.split('/')
  expect(ownerIsGone(owner)).toBe(false)
  expect(ownerIsGone([host, boot, pid, `${start}1`].join('/'))).toBe(true)
  expect(ownerIsGone([host, 'earlier-boot', pid, start].join('/'))).toBe(true)
  expect(ownerIsGone(['elsewhere', boot, pid, '1'].join('/'))).toBe(false)
})
