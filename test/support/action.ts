/**
 * The steps of the composite action, one after the other as GitHub's runner runs them. As a program, in the folder that is to
 * be the job's: `node test/support/action.ts scenarios=quick` with the launcher beside action.yml; it ends with the action's
 * exit code. With `LOSSPROOF_ACTION_CACHE=<folder>` it keeps there what the action caches.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))
const Step = z.object({
  id: z.string().optional(),
  if: z.string().default(''),
  env: z.record(z.string(), z.string()).default({}),
  with: z.record(z.string(), z.string()).default({}),
  run: z.string().optional(),
  uses: z.string().optional(),
})
type Step = z.infer<typeof Step>
const Action = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string() })),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({ using: z.literal('composite'), steps: z.array(Step) }),
})

export interface Performed {
  code: number | null
  /** Those of the action. */
  outputs: Record<string, string>
  summary: string
  /** Milliseconds of each step that ran, by its id or its place. */
  tookMs: Record<string, number>
}

export interface ActionSite {
  /** Where the launcher is. */
  actionPath: string
  /** The job's folder. */
  work: string
  stdio?: 'pipe' | 'inherit'
  /** Where what the action caches is kept. Without it, nothing is ever found in the cache. */
  cache?: string | undefined
}

/** Of other actions only the cache is carried out; the upload of an artifact only answers. */
export function performAction(
  inputs: Readonly<Record<string, string>>,
  { actionPath, work, stdio = 'pipe', cache }: ActionSite,
): Performed {
  const action = Action.parse(parse(readFileSync(join(root, 'action.yml'), 'utf8')))
  const stranger = Object.keys(inputs).find(name => !(name in action.inputs))
  if (stranger !== undefined) throw new Error(`the action has no input ${stranger}`)
  const runner = mkdtempSync(join(tmpdir(), 'lossproof-runner-'))
  const [output, summary] = [join(runner, 'output'), join(runner, 'summary')]
  const outputs: Record<string, Record<string, string>> = {}
  const known = (name: string): string => {
    const input = /^inputs\.([\w-]+)$/.exec(name)?.[1]
    if (input !== undefined) return inputs[input] ?? action.inputs[input]?.default ?? ''
    if (name === 'github.action_path') return actionPath
    if (name === 'runner.temp') return runner
    const [, step, key] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(name) ?? []
    if (step === undefined || key === undefined) throw new Error(`the runner does not know ${name}`)
    return outputs[step]?.[key] ?? ''
  }
  const filled = (text: string) => text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, word: string) => known(word))
  let code: number | null = 0
  const tookMs: Record<string, number> = {}
  for (const [at, step] of action.runs.steps.entries()) {
    if (!applies(step, code, known)) continue
    const began = performance.now()
    const parameters = Object.fromEntries(Object.entries(step.with).map(([name, value]) => [name, filled(value)]))
    if (step.uses !== undefined) outputs[step.id ?? ''] = performOther(step.uses, parameters, cache)
    if (step.run !== undefined) {
      writeFileSync(output, '')
      const given = {
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_SERVER_URL: 'https://github.example',
        GITHUB_REPOSITORY: 'team/orders',
        GITHUB_RUN_ID: '17',
        RUNNER_TEMP: runner,
        RUNNER_OS: 'Linux',
        RUNNER_ARCH: 'X64',
      }
      const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, filled(value)]))
      const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
        cwd: work,
        encoding: 'utf8',
        stdio,
        env: { ...process.env, ...given, ...env },
      })
      if (code === 0) code = status
      outputs[step.id ?? ''] = readOutputs(output)
    }
    tookMs[step.id ?? String(at + 1)] = Math.round(performance.now() - began)
  }
  return {
    code,
    outputs: Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value)])),
    summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '',
    tookMs,
  }
}

/** Conditions that are joined with `&&`. After a failed step only those with always() apply. */
function applies(step: Step, code: number | null, known: (name: string) => string): boolean {
  const terms = step.if
    .replace(/^\$\{\{ (.*) \}\}$/, '$1')
    .split(' && ')
    .filter(term => term !== '')
  if (code !== 0 && !terms.includes('always()')) return false
  return terms.every(term => {
    if (term === 'always()') return true
    const [, name = '', compare, value] = /^(\S+) (==|!=) '(.*)'$/.exec(term) ?? []
    if (compare === undefined) throw new Error(`the runner cannot evaluate ${term}`)
    return (known(name) === value) === (compare === '==')
  })
}

function readOutputs(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

/** Every other action must be named by a commit, which nobody can change. */
function performOther(
  uses: string,
  { key = '', path = '' }: Readonly<Record<string, string>>,
  cache: string | undefined,
): Record<string, string> {
  const name = /^([\w/-]+)@[0-9a-f]{40}$/.exec(uses)?.[1]
  if (name === 'actions/upload-artifact') return { 'artifact-url': 'https://github.example/artifact/1' }
  if (name !== 'actions/cache/restore' && name !== 'actions/cache/save')
    throw new Error(`${uses} is not pinned or unknown`)
  if (cache === undefined) return {}
  const paths = path.split('\n').filter(one => one !== '')
  const kept = (at: number) => join(cache, key, String(at))
  if (name === 'actions/cache/save') {
    mkdirSync(join(cache, key), { recursive: true })
    for (const [at, one] of paths.entries())
      if (existsSync(one)) cpSync(one, kept(at), { recursive: true, verbatimSymlinks: true })
    return {}
  }
  if (!existsSync(join(cache, key))) return {}
  for (const [at, one] of paths.entries())
    if (existsSync(kept(at))) cpSync(kept(at), one, { recursive: true, verbatimSymlinks: true })
  return { 'cache-hit': 'true' }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const inputs = Object.fromEntries(
    process.argv.slice(2).map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  )
  const { code, outputs, summary, tookMs } = performAction(inputs, {
    actionPath: process.env['LOSSPROOF_ACTION_PATH'] ?? root,
    work: process.cwd(),
    stdio: 'inherit',
    cache: process.env['LOSSPROOF_ACTION_CACHE'],
  })
  process.stdout.write(
    `\noutputs: ${JSON.stringify(outputs)}\nms of each step: ${JSON.stringify(tookMs)}\njob summary:\n${summary}exit code ${code}\n`,
  )
  process.exitCode = code ?? 1
}
