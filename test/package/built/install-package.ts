import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder outside the project where the packed package is installed, with its run-time dependencies and no more. */
    readonly consumer: string
  }
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Packs the build and installs the pack into an empty folder, as a user's project would have it. */
export const setup = (project: TestProject): (() => void) => {
  if (!existsSync(join(root, 'dist/src/index.js'))) throw new Error('dist/ is missing: run `npm run build` first')
  const consumer = mkdtempSync(join(tmpdir(), 'shopwright-consumer-'))
  const installed = join(consumer, 'node_modules/shopwright')
  mkdirSync(installed, { recursive: true })
  const packing = ['pack', '--ignore-scripts', '--silent', '--pack-destination', consumer]
  const pack = execFileSync('npm', packing, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }).trim()
  execFileSync('tar', ['-xzf', pack, '-C', 'node_modules/shopwright', '--strip-components=1'], { cwd: consumer })
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  )
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(consumer, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link, 'junction')
  }
  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true }\n')
  project.provide('consumer', consumer)
  return () => rmSync(consumer, { recursive: true, force: true })
}
