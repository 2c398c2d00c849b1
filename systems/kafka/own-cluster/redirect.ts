/**
 * Listeners for the clients of a test, added to brokers of a compose project by their variables. They advertise a proxy, so
 * links to each role of clients can be cut. The project's own listeners stay as they are. Pure.
 */
import { clientRoles } from '../../shared/client-links.ts'
import type { ClientRole } from '../../shared/client-links.ts'
import { nodeIdOf } from './node-id.ts'

type Variables = Readonly<Record<string, string>>

/** Before the names of settings: of the images of Apache and Confluent, and of bitnami. */
const prefixes = ['KAFKA_', 'KAFKA_CFG_']
const ports: Record<ClientRole, number> = { producer: 39_092, consumer: 39_093, observer: 39_094 }
/** What Kafka assumes where a broker does not set it. */
const usualProtocols = 'PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL'

/** The port at which a broker of the project listens for `role` clients. */
export const addedPort = (role: ClientRole): number => ports[role]

/** Why the listeners of a service cannot be extended; undefined when they can. */
export function cannotRedirect(service: string, variables: Variables): string | undefined {
  const prefix = prefixOf(variables)
  if (prefix === undefined) return `the service "${service}" does not set KAFKA_LISTENERS among its variables`
  if (variables[`${prefix}ADVERTISED_LISTENERS`] === undefined)
    return `the service "${service}" does not set ${prefix}ADVERTISED_LISTENERS among its variables`
  if (nodeIdOf(variables) === undefined)
    return `the service "${service}" does not set ${prefix}NODE_ID to a number among its variables`
  return undefined
}

/** Variables to set instead of the service's own. `publishedPort`: of this machine, at which the proxy for a role listens. */
export function redirected(variables: Variables, publishedPort: (role: ClientRole) => number): Record<string, string> {
  const prefix = prefixOf(variables) ?? ''
  const valueOf = (name: string) => variables[`${prefix}${name}`]
  const nameOf = (role: ClientRole) => `LOSSPROOF_${role.toUpperCase()}`
  const extended = (value: string | undefined, added: readonly string[]) =>
    [...(value === undefined || value === '' ? [] : [value]), ...added].join(',')
  // Kafka gives controller listeners PLAINTEXT by itself only as long as no protocol of any listener is set.
  const controllers = (valueOf('CONTROLLER_LISTENER_NAMES') ?? '').split(',').filter(name => name !== '')
  const protocols =
    valueOf('LISTENER_SECURITY_PROTOCOL_MAP') ??
    extended(
      usualProtocols,
      controllers.map(name => `${name}:PLAINTEXT`),
    )
  return {
    [`${prefix}LISTENERS`]: extended(
      valueOf('LISTENERS'),
      clientRoles.map(role => `${nameOf(role)}://:${ports[role]}`),
    ),
    [`${prefix}ADVERTISED_LISTENERS`]: extended(
      valueOf('ADVERTISED_LISTENERS'),
      clientRoles.map(role => `${nameOf(role)}://127.0.0.1:${publishedPort(role)}`),
    ),
    [`${prefix}LISTENER_SECURITY_PROTOCOL_MAP`]: extended(
      protocols,
      clientRoles.map(role => `${nameOf(role)}:PLAINTEXT`),
    ),
  }
}

function prefixOf(variables: Variables): string | undefined {
  return prefixes.find(prefix => (variables[`${prefix}LISTENERS`] ?? '') !== '')
}
