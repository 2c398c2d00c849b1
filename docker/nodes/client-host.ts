import type Dockerode from 'dockerode'
import type { Labels } from '../engine/labels.ts'

/** What is needed to start a client process in a container. */
export interface ClientHost {
  docker: Dockerode
  /** The image that holds the client. */
  image: string
  /** The command in the image that starts the client. */
  entrypoint: string
  labels: Labels
}
