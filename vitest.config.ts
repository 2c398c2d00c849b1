import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: 'test/support/scratch.ts',
    // By default vitest leaves one core to itself, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{model,history,faults,docker,workloads,systems,harness,build}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      // In a real Chromium (`lossproof test` installs one, or LOSSPROOF_CHROMIUM names it).
      {
        test: {
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'docker',
          include: [
            'test/{kafka,rocketmq,command-line,machine,audit,own-client,own-cluster,library,application}/*.test.ts',
          ],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          // Of the tests that are marked as concurrent. Each has a cluster of its own.
          maxConcurrency: 2,
        },
      },
    ],
  },
})
