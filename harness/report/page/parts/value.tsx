/** Any JSON value as text. The evidence of each fault has its own structure. */
export function Value({ value }: { value: unknown }) {
  if (Array.isArray(value)) {
    const plain = value.every(item => typeof item !== 'object' || item === null)
    return plain ? (
      <>{value.length === 0 ? 'none' : value.map(String).join(', ')}</>
    ) : (
      <ul>
        {value.map((item, at) => (
          <li key={at}>
            <Value value={item} />
          </li>
        ))}
      </ul>
    )
  }
  if (typeof value === 'object' && value !== null) {
    return (
      <dl>
        {Object.entries(value).map(([name, inner]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Value value={inner} />
            </dd>
          </div>
        ))}
      </dl>
    )
  }
  return <>{String(value)}</>
}
