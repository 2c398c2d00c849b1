import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { loadImages, saveImages } from '../../../../docker/images/archive.ts'
import { ensureEngine } from '../../../../docker/engine/install.ts'
import { exists } from '../../../../docker/images/build.ts'
import type { ImageDefinition } from '../../../../docker/images/definition.ts'
import { ensureImages } from '../../../../docker/images/ensure.ts'
import { tagOf } from '../../../../docker/images/recipe.ts'
import { LossproofError } from '../../../../model/errors.ts'
import { suggestion } from '../../../../model/nearest.ts'
import { defaultVersions } from '../../../../systems/index.ts'
import { makePlan } from '../../../plan/plan.ts'
import { plural } from '../../../report/words/numbers.ts'
import { loadScenarios } from '../../options/scenarios.ts'
import { allImages, wantedImages } from '../../prepare/images.ts'
import type { Command } from '../../help/command.ts'

const actions = ['list', 'key', 'save', 'load'] as const

interface Arguments {
  action: string
  file: string | undefined
  scenario: string[]
}

const say = (line: string) => process.stderr.write(`${line}\n`)

export const imagesCommand: Command<Arguments> = {
  builder: yargs =>
    yargs
      .positional('action', {
        type: 'string',
        demandOption: true,
        describe:
          'list: the tags, which follow from the content; key: one word that changes with any of them; save: build what is ' +
          'missing and write all to a file; load: read that file',
      })
      .positional('file', { type: 'string', describe: 'The file of save and load, such as images.tar' })
      .option('scenario', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe: 'Only the images that these scenarios need (default: all)',
      }),
  handler: async ({ action, file, scenario: scenarios }) => {
    const images = scenarios.length === 0 ? allImages : imagesFor(scenarios)
    const tags = images.map(tagOf)
    switch (actions.find(known => known === action)) {
      case 'list':
        process.stdout.write(tags.map(tag => `${tag}\n`).join(''))
        return
      case 'key':
        process.stdout.write(`${createHash('sha256').update(tags.toSorted().join('\n')).digest('hex').slice(0, 16)}\n`)
        return
      case 'save':
        return save(images, fileOf(action, file))
      case 'load':
        return load(tags, fileOf(action, file))
      case undefined:
        throw new LossproofError('usage', `unknown action "${action}"`, {
          hint: suggestion(action, actions, `one of ${actions.join(', ')}`),
        })
    }
  },
}

/** The scenarios are planned only to learn what they need; their versions are those that a run would take. */
function imagesFor(scenarios: string[]): ImageDefinition[] {
  const names = scenarios.flatMap(text => text.split(/[\s,]+/)).filter(name => name !== '')
  return wantedImages(makePlan('images', loadScenarios(names), { seed: 1, defaultVersions }))
}

function fileOf(action: string, file: string | undefined): string {
  if (file !== undefined) return file
  throw new LossproofError('usage', `images ${action} needs a file`, { hint: `lossproof images ${action} images.tar` })
}

async function save(images: readonly ImageDefinition[], file: string): Promise<void> {
  const engine = await ensureEngine(say)
  await ensureImages(engine, images, {
    onProgress: (image, line) => /^(building|built|pulled|no registry|waiting)/.test(line) && say(`${image}: ${line}`),
  })
  const bytes = await saveImages(engine.docker, images.map(tagOf), file)
  process.stdout.write(`${file}: ${plural(images.length, 'image')}, ${Math.round(bytes / 1e6)} MB\n`)
}

async function load(tags: readonly string[], file: string): Promise<void> {
  if (!existsSync(file)) throw new LossproofError('usage', `${file} does not exist`, { hint: 'images save writes it' })
  const { docker } = await ensureEngine(say)
  await loadImages(docker, file)
  const found = await Promise.all(tags.map(async tag => exists(docker, tag)))
  const missing = tags.filter((_, at) => found[at] === false)
  const text = missing.length === 0 ? '' : `; ${missing.join(', ')} will be built when first needed`
  process.stdout.write(`${file} is loaded: ${tags.length - missing.length} of ${plural(tags.length, 'image')}${text}\n`)
}
