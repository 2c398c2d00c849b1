/**
 * The URL of one of our modules, for a worker or a child process. The sources run as they are (`.ts`); the published package
 * contains JavaScript (`.js`). `path` has no extension and is relative to `from`, which is the caller's `import.meta.url`.
 */
export function moduleUrl(path: string, from: string): URL {
  return new URL(`${path}${from.slice(from.lastIndexOf('.'))}`, from)
}
