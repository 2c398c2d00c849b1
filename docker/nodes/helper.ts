/** Short-lived containers that do what the harness itself may not: each with the few capabilities that its work takes. */
import type Dockerode from 'dockerode'
import { execIn } from '../engine/exec.ts'
import type { Labels } from '../engine/labels.ts'

export interface HelperOptions {
  image: string
  labels: Labels
  /** Beyond none at all. */
  capabilities: string[]
  binds?: string[]
  /** `none`, or `container:<id>` to work in another container's network namespace. */
  network?: string
  /** Device nodes that it may use, as cgroup rules. */
  devices?: string[]
  /** For system calls that the engine's default filter refuses even with the capability. */
  unconfined?: boolean
}

const lifetimeSec = 600

/** Runs `work` with a started helper; the helper is gone afterwards, whatever happened. */
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

/** Runs one shell command in a helper of its own; resolves with what it printed. */
export async function runInHelper(docker: Dockerode, options: HelperOptions, script: string): Promise<string> {
  return withHelper(docker, options, async helper => execIn(helper, ['sh', '-c', script]))
}
