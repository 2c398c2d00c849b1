/** Adds and removes iptables rules in the network namespace of a container, from a helper container. */
import type Dockerode from 'dockerode'
import type { Labels } from '../engine/labels.ts'
import { runInHelper } from '../nodes/helper.ts'

export interface RuleSite {
  docker: Dockerode
  /** An image with iptables. */
  image: string
  labels: Labels
}

/** `rules`: arguments of iptables after `-A`. */
export async function addRules(site: RuleSite, container: string, rules: readonly string[][]): Promise<void> {
  await runInNamespace(site, container, rules.map(rule => `iptables -A ${rule.join(' ')}`).join(' && '))
}

/** A rule that is missing is no error. */
export async function removeRules(site: RuleSite, container: string, rules: readonly string[][]): Promise<void> {
  const commands = rules.map(rule => `iptables -D ${rule.join(' ')} 2>/dev/null || true`)
  await runInNamespace(site, container, commands.join('; '))
}

/** Resolves with the output of the shell command. */
export async function runInNamespace(
  { docker, image, labels }: RuleSite,
  container: string,
  script: string,
): Promise<string> {
  const network = `container:${container}`
  return runInHelper(docker, { image, labels, network, capabilities: ['NET_ADMIN', 'NET_RAW'] }, script)
}
