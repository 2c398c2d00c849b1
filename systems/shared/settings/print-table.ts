/** Prints a table of settings with one setting per line, so that a difference between two versions can be read. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Table = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string())))

const table = Table.parse(JSON.parse(readFileSync(process.argv[2] ?? '/dev/stdin', 'utf8')))
const places = Object.entries(table).map(([place, settings]) => {
  const lines = Object.entries(settings).map(([name, definition]) => {
    const parts = Object.entries(definition).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    return `    ${JSON.stringify(name)}: { ${parts.join(', ')} }`
  })
  return `  ${JSON.stringify(place)}: {\n${lines.join(',\n')}\n  }`
})
process.stdout.write(`{\n${places.join(',\n')}\n}\n`)
