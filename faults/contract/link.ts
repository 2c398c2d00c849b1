/** Toxiproxy links. */

export type ToxicType = 'latency' | 'bandwidth' | 'slow_close' | 'timeout' | 'reset_peer' | 'limit_data'
export type Stream = 'upstream' | 'downstream'

export interface Toxic {
  type: ToxicType
  stream: Stream
  attributes: Record<string, number>
}

export interface Link {
  name: string
  addToxic(toxic: Toxic & { name: string }): Promise<void>
  /** A toxic that is not there is no error. */
  removeToxic(name: string): Promise<void>
  /** Names of the toxics that Toxiproxy lists for this link. */
  toxics(): Promise<string[]>
  /** `false` closes the link: connections end, and new ones are refused. */
  enable(on: boolean): Promise<void>
  enabled(): Promise<boolean>
}

/** The link that clients of one role use to reach one broker. */
export interface ClientLink extends Link {
  broker: number
  /** `127.0.0.1:port` */
  address: string
}

/** How a new connection through a link ended. */
export interface Probe {
  outcome: 'answered' | 'silent' | 'refused' | 'closed'
  /** Time until the answer, the refusal or the close, ms; for `silent`, how long the probe waited. */
  ms: number
}
