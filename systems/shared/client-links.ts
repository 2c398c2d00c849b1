/** Each role of clients has its own listener and its own proxy per broker, so that a fault can hit the links of one role. */
export const clientRoles = ['producer', 'consumer', 'observer'] as const
export type ClientRole = (typeof clientRoles)[number]

const proxyPorts: Record<ClientRole, number> = { producer: 20000, consumer: 21000, observer: 22000 }

/** The published port on which Toxiproxy listens for `role` clients of broker `id`. */
export const clientProxyPort = (role: ClientRole, id: number) => proxyPorts[role] + id
