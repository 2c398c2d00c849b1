/** The names in a trial: ids of its lanes, and their topics and consumer groups on the cluster. */
import type { Lane } from '../../model/plan.ts'
import type { PlanningFacts } from '../../systems/shared/planning.ts'
import type { CellDraft } from './matrix/cells.ts'

/** Lanes in the order of the cells, with names that are unique in the trial. */
export function nameLanes(planning: PlanningFacts, trial: string, cells: CellDraft[], brokerNames: string[][]): Lane[] {
  const taken = new Set<string>()
  return cells.map((cell, at) => {
    const { slug, ...lane } = cell.lane
    let id = slug
    for (let number = 2; taken.has(id); number++) id = `${slug}-${number}`
    taken.add(id)
    const topicName = (word: string) => planning.resourceName(`${word}.${id}`, at, trial)
    return {
      ...lane,
      id,
      topic: { ...lane.topic, name: planning.resourceName(id, at, trial), brokerNames: brokerNames[at] ?? [] },
      ...(lane.consumer
        ? { consumer: { ...lane.consumer, group: planning.resourceName(lane.consumer.group, at, trial) } }
        : {}),
      ...(lane.app
        ? {
            topic: {
              ...lane.topic,
              name: topicName(String(lane.consumer?.clientSettings['in'])),
              brokerNames: brokerNames[at] ?? [],
            },
            app: { ...lane.app, out: { name: topicName(lane.app.out.name) } },
          }
        : {}),
    }
  })
}
