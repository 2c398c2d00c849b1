import { expect, test } from 'vitest'
import { countDropped, dropRulesBetween } from './netfilter.ts'

const end = (id: number) => ({ id, address: `172.18.0.${id}`, replicationProxyPort: 9100 + id })
const asText = (rules: ReturnType<typeof dropRulesBetween>) =>
  Object.fromEntries([...rules].map(([id, list]) => [id, list.map(rule => rule.join(' '))]))

test('packets to the target are dropped at the target, and replication through the proxy at the node that fetches', () => {
  expect(asText(dropRulesBetween([[end(1), end(2)]], 'in'))).toEqual({
    1: ['INPUT -s 172.18.0.2 -j DROP', 'INPUT -p tcp --sport 9102 -j DROP'],
    2: ['OUTPUT -p tcp --dport 9101 -j DROP'],
  })
})

test('nodes on the same side of a partition still reach each other', () => {
  const rules = asText(
    dropRulesBetween(
      [
        [end(1), end(3)],
        [end(2), end(3)],
      ],
      'both',
    ),
  )
  expect(
    Object.values(rules)
      .flat()
      .filter(rule => rule.includes('172.18.0.1 ') || rule.includes('172.18.0.2 ')),
  ).toEqual([])
  expect(rules[1]?.some(rule => rule.includes('9102'))).toBe(false)
  expect(rules[3]).toContain('OUTPUT -p tcp --dport 9101 -j DROP')
})

test('dropped packets are counted over all DROP rules', () => {
  const listing = [
    'Chain INPUT (policy ACCEPT 9 packets, 500 bytes)',
    '    pkts      bytes target     prot',
    '      12      720 DROP       all  --  *',
    '       3      180 DROP       tcp\n',
  ].join('\n')
  expect(countDropped(listing)).toEqual({ rules: 2, packets: 15 })
})
