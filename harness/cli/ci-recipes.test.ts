/** The scripts of docs/ci.md are executed as they stand there. */
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const page = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text)
const Step = z.object({ name: z.string().optional(), uses: z.string().optional(), run: z.string().optional() })
const Workflow = z.object({ jobs: z.record(z.string(), z.object({ steps: z.array(Step) })) })
const GitLab = z.object({ lossproof: z.object({ script: z.array(z.string()), after_script: z.array(z.string()) }) })
const [comment, trend, shards, gitlab] = blocks('yaml').map((text): unknown => parse(text))
const steps = [comment, trend, shards]
  .flatMap(workflow => Object.values(Workflow.parse(workflow).jobs))
  .flatMap(({ steps: all }) => all)

function scriptOf(name: string): string {
  const found = steps.find(step => step.name === name)?.run
  if (found === undefined) throw new Error(`docs/ci.md has no step "${name}"`)
  return found
}

/** A job's folder with a launcher in .tool that writes down how it was called, and a run with its reports. */
function job(): { work: string; folder: string; calls: () => string[] } {
  const work = mkdtempSync(join(tmpdir(), 'lossproof-recipe-'))
  const folder = 'results/20260101-000000-orders-1'
  mkdirSync(join(work, '.tool'))
  const launcher = `#!/usr/bin/env bash
echo "$@" >>${work}/calls
case $1 in
  run) mkdir -p ${folder}; touch ${folder}/summary.md; echo LOSSPROOF_VERDICT=violated >${folder}/verdict.env; exit 99 ;;
  images) touch "$3" ;;
  report) mkdir -p merged; touch merged/summary.md; if [ "$2" = --out ]; then echo dashboard >"$3"; fi ;;
esac
`
  writeFileSync(join(work, '.tool/lossproof'), launcher)
  chmodSync(join(work, '.tool/lossproof'), 0o755)
  const calls = () => readFileSync(join(work, 'calls'), 'utf8').trimEnd().split('\n')
  return { work, folder, calls }
}

const bash = async (script: string, cwd: string, env: Record<string, string> = {}) =>
  execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd, env, reject: false })

/** A server that answers as the API for comments does, and keeps what it is sent. */
async function withApi(run: (url: string, comments: { id: number; body: string }[]) => Promise<void>): Promise<void> {
  const comments: { id: number; body: string }[] = []
  const server = createServer((request, response) => {
    void (async () => {
      if (request.method === 'GET')
        return response.end(JSON.stringify(comments.map(one => ({ ...one, url: `${base()}/${one.id}` }))))
      const text = await bodyOf(request)
      const body = request.headers['content-type']?.startsWith('multipart/form-data')
        ? (/name="body"\r\n\r\n([\s\S]*?)\r\n--/.exec(text)?.[1] ?? '')
        : z.object({ body: z.string() }).parse(JSON.parse(text)).body
      const old = comments.find(({ id }) => request.url?.endsWith(`/${id}`))
      if (old === undefined) comments.push({ id: comments.length + 100, body })
      else old.body = body
      return response.end('{}')
    })()
  })
  const base = () => {
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    await run(base(), comments)
  } finally {
    server.close()
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

test('every action is named by a commit', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []).filter(uses => !uses.startsWith('OWNER/lossproof@'))
  expect(used.length).toBeGreaterThan(5)
  for (const uses of used) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/)
})

describe('GitHub', () => {
  test('a pull request gets one comment, which each run replaces, cut to what GitHub takes', async () => {
    const { work } = job()
    await withApi(async (url, comments) => {
      comments.push({ id: 7, body: 'a comment of somebody' })
      const env = { TOKEN: 't', SUMMARY: 'summary.md', COMMENTS: url }
      writeFileSync(join(work, 'summary.md'), '# one "quoted" ✅\n| a \\| b |\n')
      expect(await bash(scriptOf('Comment on the pull request'), work, env)).toMatchObject({ exitCode: 0 })
      writeFileSync(join(work, 'summary.md'), `# two ${'x'.repeat(80_000)}`)
      expect(await bash(scriptOf('Comment on the pull request'), work, env)).toMatchObject({ exitCode: 0 })
      expect(comments.map(({ id }) => id)).toEqual([7, 101])
      expect(comments[1]?.body).toMatch(/^<!-- lossproof -->\n# two x+$/)
      expect(comments[1]?.body.length).toBeLessThan(65_536)
    })
  }, 60_000)

  test('the trend page keeps the newest 30 runs and their dashboard in the branch', async () => {
    const { work, folder, calls } = job()
    const git = async (...args: string[]) => (await execa('git', args, { cwd: work })).stdout
    await git('init', '--quiet', '--bare', 'remote.git')
    await git('clone', '--quiet', 'remote.git', '.pages')
    const pages = join(work, '.pages')
    await execa('git', ['switch', '--orphan', 'gh-pages'], { cwd: pages })
    for (let at = 10; at < 45; at++)
      mkdirSync(join(pages, `runs/202512${at}-000000-orders-1/trials`), { recursive: true })
    mkdirSync(join(work, folder, 'trials'), { recursive: true })
    writeFileSync(join(work, folder, 'badge.json'), '{}')
    writeFileSync(join(work, folder, 'report.html'), 'page')
    const env = {
      FOLDER: folder,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'push.default',
      GIT_CONFIG_VALUE_0: 'current',
    }
    expect(await bash(scriptOf('Publish'), work, env)).toMatchObject({ exitCode: 0 })
    const kept = readdirSync(join(pages, 'runs'))
    expect(kept).toHaveLength(30)
    expect(kept.at(-1)).toBe('20260101-000000-orders-1')
    expect(calls().at(-1)).toMatch(/^report --out \.pages\/index\.html \.pages\/runs\/20251216-000000-orders-1\/ /)
    const published = (await git('--git-dir=remote.git', 'ls-tree', '-r', '--name-only', 'gh-pages')).split('\n')
    expect(published).toEqual([
      'badge.json',
      'index.html',
      'runs/20260101-000000-orders-1/badge.json',
      'runs/20260101-000000-orders-1/report.html',
    ])
  }, 60_000)

  test('shards are merged when all of them have a verdict', async () => {
    const { work, calls } = job()
    const script = scriptOf('One verdict of all shards')
    const shard = (at: number) => {
      mkdirSync(join(work, `shards/lossproof-${at}/run-${at}`), { recursive: true })
      writeFileSync(join(work, `shards/lossproof-${at}/run-${at}/verdict.json`), '{}')
    }
    for (const at of [1, 2, 3]) shard(at)
    const env = { GITHUB_STEP_SUMMARY: join(work, 'step-summary') }
    expect(await bash(script, work, env)).toMatchObject({ exitCode: 4 })
    shard(4)
    expect(await bash(script, work, env)).toMatchObject({ exitCode: 0 })
    expect(calls()).toEqual([
      'report --merge merged --baseline lossproof-baseline.json ' +
        [1, 2, 3, 4].map(at => `shards/lossproof-${at}/run-${at}/`).join(' '),
    ])
  }, 60_000)
})

test('GitLab: the job fails with the exit code, and leaves variables, images and a comment', async () => {
  const { work, calls } = job()
  const { script, after_script: after } = GitLab.parse(gitlab).lossproof
  const env = { RESULTS: 'results', CI_JOB_URL: 'https://gitlab.example/1' }
  expect(await bash(script.join('\n'), work, env)).toMatchObject({ exitCode: 99 })
  writeFileSync(join(work, 'results/20260101-000000-orders-1/summary.md'), '# summary; 1 of 2\n')
  await withApi(async (url, comments) => {
    const merge = { COMMENT_TOKEN: 't', CI_API_V4_URL: url, CI_PROJECT_ID: '5', CI_MERGE_REQUEST_IID: '6' }
    for (const line of after) expect(await bash(line, work, { ...env, ...merge })).toMatchObject({ exitCode: 0 })
    expect(comments).toEqual([{ id: 100, body: '# summary; 1 of 2\n' }])
  })
  expect(readFileSync(join(work, 'verdict.env'), 'utf8')).toBe('LOSSPROOF_VERDICT=violated\n')
  expect(calls()).toEqual([
    'run lossproof/orders.yaml --results results --retry-inconclusive 1 --artifact-url https://gitlab.example/1/artifacts/browse',
    'images save images.tar --scenario lossproof/orders.yaml',
  ])
  expect(await bash(script.join('\n'), work, env)).toMatchObject({ exitCode: 99 })
  expect(calls().at(-2)).toBe('images load images.tar')
}, 60_000)

test('Jenkins: the script ends with the exit code of the run and leaves its variables', async () => {
  const { work } = job()
  const [pipeline = ''] = blocks('groovy')
  const script = /'''([\s\S]*?)'''/.exec(pipeline)?.[1] ?? ''
  expect(await bash(script, work, { BUILD_URL: 'https://jenkins.example/1' })).toMatchObject({ exitCode: 99 })
  expect(existsSync(join(work, 'verdict.env'))).toBe(true)
}, 60_000)
