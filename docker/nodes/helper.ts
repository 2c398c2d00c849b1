/**
 * Short-lived containers for work that the harness itself has no rights for. Each gets only the capabilities that it
 * needs.
 */
import type Dockerode from 'dockerode'
import { execIn } from '../engine/exec.ts'
import type { Labels } from '../engine/labels.ts'

export interface HelperOptions {
  image: string
  labels: Labels
  /** Linux capabilities to add; all others are dropped. */
  capabilities: string[]
  binds?: string[]
  /** `none` (the default), or `container:<id>` to work in the network namespace of another container. */
  network?: string
  /** Devices that it may use, as cgroup rules: `b 7:* rwm`. */
  devices?: string[]
  /** Turns off the engine's system call filter, which refuses some calls even with the capability for them. */
  unconfined?: boolean
}

const lifetimeSec = 600

/** Runs `work` with a started helper and removes the helper in any case. */
export async function withHelper<T>(
  docker: Dockerode,
  options: HelperOptions,
  work: (helper: Dockerode.Container) => Promise<T>,
): Promise<T> {
  const helper = await docker.createContainer({
    Image: options.image,
    Labels: options.labels,
    Entrypoint: ['sleep'],
    Cmd: [String(lifetimeSec)],
    HostConfig: {
      Binds: options.binds ?? [],
      CapDrop: ['ALL'],
      CapAdd: options.capabilities,
      NetworkMode: options.network ?? 'none',
      Init: true,
      ...(options.devices ? { DeviceCgroupRules: options.devices } : {}),
      ...(options.unconfined === true ? { SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'] } : {}),
    },
  })
  try {
    await helper.start()
    return await work(helper)
  } finally {
    await helper.remove({ force: true })
  }
}

/** Runs one shell command in a new helper; resolves with its output. */
export async function runInHelper(docker: Dockerode, options: HelperOptions, script: string): Promise<string> {
  return withHelper(docker, options, async helper => execIn(helper, ['sh', '-c', script]))
}
