import { existsSync } from 'node:fs'
import { ofDeadOwner } from '../../../../docker/cleanup/cleanup.ts'
import { probe, probed } from '../../../../docker/engine/capabilities.ts'
import { findEngine } from '../../../../docker/engine/engine.ts'
import type { Engine } from '../../../../docker/engine/engine.ts'
import { exists } from '../../../../docker/images/build.ts'
import { tagOf } from '../../../../docker/images/recipe.ts'
import { helperImage, toolImages } from '../../../../docker/images/tools.ts'
import { runLabel } from '../../../../docker/engine/labels.ts'
import { faults } from '../../../../faults/index.ts'
import { ExitCode, LossproofError } from '../../../../model/errors.ts'
import { systems } from '../../../../systems/index.ts'
import { plural } from '../../../report/words/numbers.ts'
import type { Command } from '../../help/command.ts'

interface Arguments {
  json: boolean
}

interface Finding {
  what: string
  ok: boolean
  seen: string
}

export const doctorCommand: Command<Arguments> = {
  builder: yargs => yargs.option('json', { type: 'boolean', default: false, describe: 'Print results as JSON' }),
  handler: async args => {
    const findings = await examine()
    process.stdout.write(args.json ? `${JSON.stringify(findings, undefined, 2)}\n` : findings.map(line).join(''))
    if (findings.some(finding => !finding.ok && finding.what === 'engine')) process.exitCode = ExitCode.cannot
  },
}

/** Changes nothing on this machine. */
async function examine(): Promise<Finding[]> {
  const findings: Finding[] = [{ what: 'node', ok: true, seen: `${process.versions.node}, ${process.execPath}` }]
  try {
    const engine = await findEngine()
    const memoryGiB = (engine.memoryBytes / 2 ** 30).toFixed(1)
    findings.push({
      what: 'engine',
      ok: true,
      seen:
        `Docker ${engine.version} at ${engine.host}, ${engine.cpus} cores, ${memoryGiB} GiB, ` +
        `cgroup v${engine.cgroupVersion}, kernel ${engine.kernel}`,
    })
    for (const tag of [...systems.flatMap(({ images }) => images.definitions), ...toolImages].map(tagOf)) {
      const built = await exists(engine.docker, tag)
      findings.push({ what: 'image', ok: built, seen: `${tag}${built ? '' : ': will be built when first needed'}` })
    }
    findings.push(...(await capabilities(engine)))
    const containers = await engine.docker.listContainers({ all: true, filters: { label: [runLabel] } })
    const left = containers.filter(container => ofDeadOwner(container.Labels)).length
    findings.push({
      what: 'leftovers',
      ok: left === 0,
      seen: left === 0 ? 'none' : `${plural(left, 'container')} of dead runs: lossproof clean`,
    })
  } catch (error) {
    if (!(error instanceof LossproofError)) throw error
    findings.push({
      what: 'engine',
      ok: false,
      seen: `${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`,
    })
  }
  findings.push({
    what: 'debootstrap',
    ok: existsSync('/usr/sbin/debootstrap'),
    seen: existsSync('/usr/sbin/debootstrap') ? 'installed' : 'not installed; only needed where no registry answers',
  })
  return findings
}

/** Tries each capability with the helper image. Builds nothing: without the image they are reported as not tried. */
async function capabilities(engine: Engine): Promise<Finding[]> {
  const helper = tagOf(helperImage)
  if (!(await exists(engine.docker, helper)))
    return [
      { what: 'capabilities', ok: false, seen: 'not tried: the helper image is built by the first run that needs it' },
    ]
  const found: Finding[] = []
  // One after the other, because some of them measure time.
  for (const capability of probed) {
    const { ok, seen } = await probe(engine, helper, capability)
    const needing = faults.filter(fault => fault.needs.includes(capability)).map(fault => fault.id)
    found.push({ what: capability, ok, seen: ok ? seen : `${seen}; without it: no ${needing.join(', ')}` })
  }
  return found
}

const line = ({ what, ok, seen }: Finding) => `${ok ? 'ok ' : '-- '} ${what.padEnd(14)} ${seen}\n`
