/** For tests: images with the layout of the official ones, built from the images that Lossproof builds. */
import { build, exists } from '../../../docker/images/build.ts'
import { filesOf, hashOf } from '../../../docker/images/context.ts'
import { ensureImages } from '../../../docker/images/ensure.ts'
import type { Engine } from '../../../docker/engine/engine.ts'
import { kafka } from '../../../systems/kafka/facts.ts'
import { rocketmq } from '../../../systems/rocketmq/facts.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'

const quiet = { onProgress: () => {} }

/** The layout of apache/kafka: settings in KAFKA_… variables, /etc/kafka/docker/run, a data volume. Resolves with its tag. */
export async function officialKafka(engine: Engine): Promise<string> {
  return fromOwn(engine, 'apache-kafka', new URL('kafka/', import.meta.url), kafka)
}

/** The layout of apache/rocketmq: its jars in $ROCKETMQ_HOME/lib, and a user without privileges. Resolves with its tag. */
export async function officialRocketmq(engine: Engine): Promise<string> {
  return fromOwn(engine, 'apache-rocketmq', new URL('rocketmq/', import.meta.url), rocketmq)
}

async function fromOwn(engine: Engine, name: string, folder: URL, { images }: SystemFacts): Promise<string> {
  const { docker } = engine
  const definition = images.imageFor(images.defaultVersion)
  const built = await ensureImages(engine, [definition], quiet)
  const files = filesOf({ folder })
  const buildArgs = { BASE: built[definition.name] ?? '', VERSION: definition.version }
  const tag = `lossproof-test/${name}:${hashOf(files, buildArgs)}`
  if (!(await exists(docker, tag))) await build(docker, { name, tag, files, buildArgs }, quiet)
  return tag
}
