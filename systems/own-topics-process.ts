/** Started by the janitor of a dead run: removes the topics that it left on a cluster of the user's own. */
import { findEngine } from '../docker/engine/engine.ts'
import { ofRun } from '../docker/cleanup/cleanup.ts'
import { removeRememberedTopics } from './own-topics.ts'

const run = process.argv[2] ?? ''
const { docker } = await findEngine()
const { failures } = await removeRememberedTopics(docker, ofRun(run))
if (failures.length > 0) process.exitCode = 1
