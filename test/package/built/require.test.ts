import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'

const consumer = inject('consumer')
const manifest: { exports: Record<string, unknown>; peerDependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(consumer, 'node_modules/shopwright/package.json'), 'utf8'),
)
const entries = Object.keys(manifest.exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => subpath.replace(/^\./, 'shopwright'))

/** Runs node in the consumer's folder and answers what it printed; anything on standard error fails the test. */
const runNode = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: consumer, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()

// An optional peer is loaded when it is used, so an entry that offers one can be loaded without it.
describe('a CommonJS program', () => {
  let loaded: Readonly<Record<string, number | string>> = {}
  beforeAll(() => {
    const script = `const loaded = {}
      for (const entry of process.argv.slice(1)) {
        try { loaded[entry] = Object.keys(require(entry)).length } catch (error) { loaded[entry] = String(error) }
      }
      console.log(JSON.stringify(loaded))`
    loaded = JSON.parse(runNode('--no-warnings', '-e', script, '--', ...entries))
  })

  it.each(entries)('loads %s with require, no peer installed', (entry) => {
    expect(loaded[entry]).toEqual(expect.any(Number))
    expect(loaded[entry]).toBeGreaterThan(0)
  })

  it('gets the same values from require as from import', () => {
    const script = `import('shopwright').then((m) => console.log(Object.keys(m).every((k) => m[k] === require('shopwright')[k])))`
    expect(runNode('--no-warnings', '-e', script)).toBe('true')
  })
})

describe('a CommonJS Jest project', () => {
  const jest = join(createRequire(import.meta.url).resolve('jest/package.json'), '../bin/jest.js')
  const esbuild = createRequire(import.meta.url).resolve('esbuild')

  const runJest = (name: string, files: Record<string, string>, ...nodeFlags: string[]) => {
    const folder = join(consumer, name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
    const args = [jest, '--rootDir', folder, '--json', '--watchman=false']
    const answer = execFileSync(process.execPath, [...nodeFlags, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { numPassedTests, numFailedTests }: { numPassedTests: number; numFailedTests: number } = JSON.parse(answer)
    return { passed: numPassedTests, failed: numFailedTests }
  }

  const using = `
    expect(typeof shopwright.createIds).toBe('function')
    expect(shopwright.createIds({ now: () => 0 }).next('order')).toMatch(/^order_/)`

  // Jest brings its own require, which reads ES modules only from Node 24.9 on. Before that it compiles them, like any
  // ES-module package, once it is told that these two are not CommonJS; babel, swc, ts-jest or esbuild can each be the compiler.
  it('requires the package when ES modules are compiled by a transform', () => {
    const files = {
      'jest.config.js': `module.exports = {
        transform: { '\\\\.js$': './to-common.js' },
        transformIgnorePatterns: ['/node_modules/(?!(shopwright|nanoid)/)'],
      }`,
      'to-common.js': `const { transformSync } = require(${JSON.stringify(esbuild)})
        module.exports = { process: (text) => ({ code: transformSync(text, { format: 'cjs', target: 'node20' }).code }) }`,
      'shop.test.js': `const shopwright = require('shopwright')
        test('uses the shop', () => {${using}
        })`,
    }
    expect(runJest('jest-transform', files)).toEqual({ passed: 1, failed: 0 })
  })

  it("imports the package without any transform under Node's module flag", () => {
    const files = {
      'jest.config.js': 'module.exports = { transform: {} }',
      'shop.test.js': `test('uses the shop', async () => {
          const shopwright = await import('shopwright')${using}
        })`,
    }
    expect(runJest('jest-import', files, '--experimental-vm-modules', '--no-warnings')).toEqual({
      passed: 1,
      failed: 0,
    })
  })
})
