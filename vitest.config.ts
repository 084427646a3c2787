import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { findPooler } from './scripts/postgres-server/start-pooler.js'
import { findChromium } from './test/support/chromium/find-chromium.js'
import { opensStorage } from './test/support/opens-storage.js'

const root = fileURLToPath(new URL('.', import.meta.url))

// The package's own public names, resolved to its sources: adapters and tests import them as a stranger would.
const alias = [
  { find: /^shopwright$/, replacement: `${root}src/index.ts` },
  { find: /^shopwright\/(adapters\/.+)$/, replacement: `${root}$1/index.ts` },
  { find: /^shopwright\/(.+)$/, replacement: `${root}src/$1/index.ts` },
]

const allTests = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .map((file) => `test/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.test.ts'))

const readSource = (path: string): string | undefined =>
  existsSync(`${root}${path}`) ? readFileSync(`${root}${path}`, 'utf8') : undefined

// A test that opens a storage, itself or by what it imports, runs on every storage.
const onEveryStorage = [...opensStorage(allTests, readSource)]

// Races are run once more behind a transaction pooler, where there is one on the machine.
const behindPooler =
  findPooler() === undefined
    ? []
    : ['races', 'money-races', 'shuffled-races'].map((name) => `test/orders/${name}.test.ts`)

// What asks a real browser is collected where there is one on the machine, and once: it is about what a browser makes, which
// is the same on every storage.
const inBrowser = 'test/adapters/passkeys-in-chromium.test.ts'
const withoutBrowser = findChromium() === undefined ? [inBrowser] : []

// What takes longest begins first, so that no worker is left alone with it at the end.
const longest = ['examples/examples', 'postgres/launcher', 'demo/odd-catalogs', 'demo/play-day']

// Otherwise in the order of chance, but one project after the other: a worker goes on to the next file with its modules
// loaded only while the project is the same.
class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ project, moduleId }: TestSpecification): string => {
      const chance = createHash('md5').update(`${this.ctx.config.sequence.seed} ${moduleId}`).digest('hex')
      const isLong = longest.some((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return `${project.name === 'memory' ? 1 : 0} ${project.name} ${isLong ? 0 : 1} ${chance}`
    }
    return files
      .map((file) => ({ file, place: placeOf(file) }))
      .sort((a, b) => (a.place < b.place ? -1 : 1))
      .map(({ file }) => file)
  }
}

export default defineConfig({
  resolve: { alias },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // The package's modules keep no state, so the files of a worker share them: loading them anew is a quarter of a run.
    isolate: false,
    sequence: { shuffle: { files: true, tests: true }, sequencer: ByProject },
    testTimeout: 600_000,
    hookTimeout: 600_000,
    allowOnly: !process.env.CI,
    setupFiles: ['test/setup.ts'],
    globalSetup: ['test/postgres/global-setup.ts'],
    // What did not change since the last run is not translated again.
    experimental: { fsModuleCache: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'memory',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package/built/**', ...withoutBrowser],
          provide: { storage: 'memory' },
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: onEveryStorage,
          exclude: [inBrowser],
          provide: { storage: 'postgres' },
        },
      },
      ...(behindPooler.length === 0
        ? []
        : [
            {
              extends: true as const,
              test: { name: 'pooled', include: behindPooler, provide: { storage: 'pooled' as const } },
            },
          ]),
    ],
  },
})
