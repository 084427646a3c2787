// Runs the benchmarks as a shop would run the library: compiled and bundled, not translated file by file on the way in.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../', import.meta.url))
// Two folders deep, as the sources are that look for the project's root.
const outfile = `${root}.tmp/bench/main.mjs`

await build({
  entryPoints: [`${root}test/bench/main.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  tsconfig: `${root}tsconfig.json`,
  sourcemap: 'inline',
  logLevel: 'warning',
})

const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
