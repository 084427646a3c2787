import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

// The package's own public names, resolved to its sources: adapters and tests import them as a stranger would.
const alias = [
  { find: /^shopwright$/, replacement: `${root}src/index.ts` },
  { find: /^shopwright\/(adapters\/.+)$/, replacement: `${root}$1/index.ts` },
  { find: /^shopwright\/(.+)$/, replacement: `${root}src/$1/index.ts` },
]

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/package/built/**'],
    setupFiles: ['test/setup.ts'],
    globalSetup: ['test/postgres/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { shuffle: true },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: !process.env.CI,
  },
})
