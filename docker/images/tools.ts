/**
 * The images that every cluster uses, whatever its system: Toxiproxy, and the helper that injects privileged faults.
 */
import type { ImageDefinition } from './definition.ts'

export const toolVersions = { debian: 'bookworm', toxiproxy: '2.12.0' } as const

export const toxiproxyImage: ImageDefinition = {
  name: 'toxiproxy',
  version: toolVersions.toxiproxy,
  folder: new URL('toxiproxy/', import.meta.url),
  buildArgs: { DEBIAN_RELEASE: toolVersions.debian, TOXIPROXY_VERSION: toolVersions.toxiproxy },
}

/** Debian with iptables, file system tools and Perl. */
export const helperImage: ImageDefinition = {
  name: 'helper',
  version: toolVersions.debian,
  folder: new URL('helper/', import.meta.url),
  buildArgs: {},
}

export const toolImages: readonly ImageDefinition[] = [toxiproxyImage, helperImage]
