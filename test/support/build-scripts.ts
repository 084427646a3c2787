import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { atFileEnd } from './at-file-end.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Translates scripts that are run in processes of their own, so that the library is translated for all of them once and
 * read as one file by each. Answers the folder, which is gone after the test file: `examples/pay.ts` is `pay.mjs` there.
 */
export const buildScripts = async (scripts: readonly string[]): Promise<string> => {
  mkdirSync(`${root}.tmp`, { recursive: true })
  const outdir = mkdtempSync(`${root}.tmp/scripts-`)
  atFileEnd(async () => rmSync(outdir, { recursive: true, force: true }))
  await build({
    entryPoints: scripts.map((script) => root + script),
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    tsconfig: `${root}tsconfig.json`,
    outExtension: { '.js': '.mjs' },
    logLevel: 'silent',
  })
  return outdir
}
