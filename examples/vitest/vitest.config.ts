import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Clusters take seconds to start, and images minutes the first time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // One cluster at a time.
    fileParallelism: false,
  },
})
