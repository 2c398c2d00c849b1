/** Paths of a run's folder. No other file builds them. */
import { join } from 'node:path'

export function runPaths(folder: string) {
  return {
    runFile: join(folder, 'run.json'),
    verdict: join(folder, 'verdict.json'),
    trials: join(folder, 'trials'),
    summary: join(folder, 'summary.md'),
    junit: join(folder, 'junit.xml'),
    report: join(folder, 'report.html'),
    metrics: join(folder, 'metrics.prom'),
    benchmark: join(folder, 'benchmark.json'),
    ciVariables: join(folder, 'verdict.env'),
    badge: join(folder, 'badge.json'),
    audit: join(folder, 'audit.json'),
    auditPatch: join(folder, 'audit.patch'),
    stress: join(folder, 'stress.json'),
    corpus: join(folder, 'corpus.json'),
    runs: join(folder, 'runs'),
  }
}

export function trialPaths(folder: string, trial: string) {
  const base = join(folder, 'trials', trial)
  return {
    folder: base,
    events: join(base, 'events.jsonl'),
    lanes: join(base, 'lanes'),
    logs: join(base, 'logs'),
    stores: join(base, 'stores'),
    replicas: join(base, 'replicas'),
  }
}

/** The file in which one client process records one lane. */
export function laneFile(folder: string, trial: string, lane: string, process: string): string {
  return join(trialPaths(folder, trial).lanes, lane, `${process}.jsonl`)
}

/** Extracts of the logs of a lane's replicas. */
export function replicasFile(folder: string, trial: string, lane: string): string {
  return join(trialPaths(folder, trial).replicas, `${lane}.jsonl`)
}

export function laneFolder(folder: string, trial: string, lane: string): string {
  return join(trialPaths(folder, trial).lanes, lane)
}

/** What the applications of a lane keep on their own disk: spool, effects, parked messages. No part of the history. */
export function storesFolder(folder: string, trial: string, lane: string): string {
  return join(trialPaths(folder, trial).stores, lane)
}
