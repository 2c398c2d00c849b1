/** Client roles have a listener and a proxy for each broker of their own, so that their links can be cut apart. */
export const clientRoles = ['producer', 'consumer', 'observer'] as const
export type ClientRole = (typeof clientRoles)[number]

const proxyPorts: Record<ClientRole, number> = { producer: 20000, consumer: 21000, observer: 22000 }

/** Where Toxiproxy listens for `role` clients of broker `id`; published. */
export const clientProxyPort = (role: ClientRole, id: number) => proxyPorts[role] + id
