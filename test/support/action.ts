/**
 * The `run` steps of the composite action, one after the other as GitHub's runner runs them. As a program, in the folder that is to
 * be the job's: `node test/support/action.ts scenarios=quick` with the launcher beside action.yml; it ends with the action's exit code.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))
const Action = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string() })),
  runs: z.object({
    using: z.literal('composite'),
    steps: z.array(
      z.object({
        id: z.string().optional(),
        env: z.record(z.string(), z.string()).default({}),
        run: z.string().optional(),
        uses: z.string().optional(),
      }),
    ),
  }),
})

export interface Performed {
  code: number | null
  outputs: Record<string, string>
  summary: string
}

/**
 * `actionPath`: where the launcher is; `work`: the job's folder. Steps that use other actions are skipped; no later step
 * depends on them.
 */
export function performAction(
  inputs: Readonly<Record<string, string>>,
  { actionPath, work, stdio = 'pipe' }: { actionPath: string; work: string; stdio?: 'pipe' | 'inherit' },
): Performed {
  const action = Action.parse(parse(readFileSync(join(root, 'action.yml'), 'utf8')))
  const stranger = Object.keys(inputs).find(name => !(name in action.inputs))
  if (stranger !== undefined) throw new Error(`the action has no input ${stranger}`)
  const runner = mkdtempSync(join(tmpdir(), 'lossproof-runner-'))
  const [output, summary] = [join(runner, 'output'), join(runner, 'summary')]
  const outputs: Record<string, string> = {}
  const known = (name: string): string => {
    const input = /^inputs\.(\w+)$/.exec(name)?.[1]
    if (input !== undefined) return inputs[input] ?? action.inputs[input]?.default ?? ''
    if (name === 'github.action_path') return actionPath
    return outputs[/^steps\.run\.outputs\.(\w+)$/.exec(name)?.[1] ?? ''] ?? ''
  }
  let code: number | null = 0
  for (const step of action.runs.steps) {
    if (step.run === undefined) continue
    const env = Object.fromEntries(
      Object.entries(step.env).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, word: string) => known(word)),
      ]),
    )
    writeFileSync(output, '')
    const given = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, RUNNER_TEMP: runner }
    code = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: work,
      encoding: 'utf8',
      stdio,
      env: { ...process.env, ...given, ...env },
    }).status
    for (const line of readFileSync(output, 'utf8').split('\n').filter(Boolean))
      outputs[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1)
    if (code !== 0) break
  }
  return { code, outputs, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '' }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const inputs = Object.fromEntries(
    process.argv.slice(2).map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  )
  const { code, outputs, summary } = performAction(inputs, { actionPath: root, work: process.cwd(), stdio: 'inherit' })
  process.stdout.write(`\noutputs: ${JSON.stringify(outputs)}\njob summary:\n${summary}exit code ${code}\n`)
  process.exitCode = code ?? 1
}
