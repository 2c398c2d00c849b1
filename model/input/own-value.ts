/**
 * The value of a key that the table itself has. Names come from files of users, and plain look-ups also find what every
 * object inherits, such as `constructor`.
 */
export function ownValue<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
