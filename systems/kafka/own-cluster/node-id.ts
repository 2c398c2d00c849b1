/** Variables that hold the number of a node: of the images of Apache and Confluent, and of bitnami. */
export const idVariables = ['KAFKA_NODE_ID', 'KAFKA_BROKER_ID', 'KAFKA_CFG_NODE_ID', 'KAFKA_CFG_BROKER_ID']

/** The number that the variables of a service give its node; undefined when none does, or not as a plain number. */
export function nodeIdOf(variables: Readonly<Record<string, string>>): number | undefined {
  const given = idVariables.flatMap(name => variables[name] ?? [])[0]
  return given === undefined || !/^\d+$/.test(given) ? undefined : Number(given)
}
