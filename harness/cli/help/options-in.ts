/** The long options that a help text lists, such as `--seed`, in their order. */
export function optionsIn(help: string): string[] {
  return [...help.matchAll(/^ +(?:-\w, )?(--[a-z][a-z-]*)/gm)].map(([, option = '']) => option)
}
