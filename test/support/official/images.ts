/** For tests: images with the layout of the official ones, built from the images that Lossproof builds. */
import type Dockerode from 'dockerode'
import { build, exists } from '../../../docker/images/build.ts'
import { filesOf, hashOf } from '../../../docker/images/context.ts'
import { ensureImages } from '../../../docker/images/ensure.ts'
import type { Engine } from '../../../docker/engine/engine.ts'
import { kafka } from '../../../systems/kafka/facts.ts'

const quiet = { onProgress: () => {} }

/** The layout of apache/kafka: settings in KAFKA_… variables, /etc/kafka/docker/run, a data volume. Resolves with its tag. */
export async function officialKafka(engine: Engine): Promise<string> {
  const definition = kafka.images.imageFor(kafka.images.defaultVersion)
  const images = await ensureImages(engine, [definition], quiet)
  return fromOwn(engine.docker, 'apache-kafka', new URL('kafka/', import.meta.url), images[definition.name] ?? '')
}

async function fromOwn(docker: Dockerode, name: string, folder: URL, base: string): Promise<string> {
  const files = filesOf({ folder })
  const buildArgs = { BASE: base }
  const tag = `lossproof-test/${name}:${hashOf(files, buildArgs)}`
  if (!(await exists(docker, tag))) await build(docker, { name, tag, files, buildArgs }, quiet)
  return tag
}
