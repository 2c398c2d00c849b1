import type Dockerode from 'dockerode'
import type { Labels } from '../engine/labels.ts'

/** What a container for a client needs to know of the trial. */
export interface ClientHost {
  docker: Dockerode
  /** Holds the client. */
  image: string
  /** What starts the client in a container of it. */
  entrypoint: string
  labels: Labels
}
