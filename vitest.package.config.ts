import { defineConfig } from 'vitest/config'

// Tests of the built package: they read dist/ and need `npm run build` first.
export default defineConfig({
  test: {
    include: ['test/package/built/**/*.test.ts'],
    globalSetup: ['test/package/built/install-package.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { shuffle: true },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
