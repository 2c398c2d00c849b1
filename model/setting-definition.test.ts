import { describe, expect, test } from 'vitest'
import { refuseValue } from './setting-definition.ts'
import type { SettingDefinition } from './setting-definition.ts'
import type { SettingValue } from './settings.ts'

describe('values against definitions of a system', () => {
  test.each<[SettingDefinition, SettingValue]>([
    [{ type: 'boolean' }, true],
    [{ type: 'boolean' }, 'false'],
    [{ type: 'int', valid: '[0,...]' }, 0],
    [{ type: 'long' }, '60000'],
    [{ type: 'int', valid: '[1,...,9] or -1' }, -1],
    [{ type: 'double', valid: '[0,...,1]' }, 0.5],
    [{ type: 'string', valid: '[SYNC_FLUSH, ASYNC_FLUSH]' }, 'SYNC_FLUSH'],
    [{ type: 'list', valid: '[compact, delete]' }, 'compact,delete'],
    [{ type: 'string', valid: '(case insensitive) [CONSUMER, CLASSIC]' }, 'consumer'],
    [{ type: 'string', valid: '[latest, earliest, none, by_duration:PnDTnHnMn.nS]' }, 'by_duration:PT1H'],
    [{ type: 'int', valid: '[1,...]' }, null],
  ])('%j accepts %j', (definition, value) => {
    expect(refuseValue(definition, value)).toBeUndefined()
  })

  test.each<[SettingDefinition, SettingValue, string]>([
    [{ type: 'boolean' }, 'yes', 'expected true or false, got "yes"'],
    [{ type: 'int' }, 1.5, 'expected a whole number, got 1.5'],
    [{ type: 'int' }, '', 'expected a whole number, got ""'],
    [{ type: 'double' }, 'half', 'expected a number, got "half"'],
    [{ type: 'int', valid: '[1,...]' }, 0, 'expected a whole number from 1, got 0'],
    [{ type: 'int', valid: '[1,...,9] or -1' }, 10, 'expected a whole number from 1 to 9 or -1, got 10'],
    [{ type: 'string', valid: '[SYNC_FLUSH, ASYNC_FLUSH]' }, 'SYNC', 'one of SYNC_FLUSH, ASYNC_FLUSH, got "SYNC"'],
    [{ type: 'list', valid: '[compact, delete]' }, 'compact,remove', 'expected one of compact, delete'],
    [{ type: 'string', valid: '[all, -1, 0, 1]' }, 'All', 'expected one of all, -1, 0, 1, got "All"'],
  ])('%j refuses %j', (definition, value, message) => {
    expect(refuseValue(definition, value)).toContain(message)
  })
})
