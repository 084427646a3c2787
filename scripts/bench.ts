// Runs the benchmarks as a shop would run the library: compiled and bundled, not translated file by file on the way in.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../', import.meta.url))
// Two folders deep, as the sources are that look for the project's root.
const outdir = `${root}.tmp/bench`
rmSync(outdir, { recursive: true, force: true })

await build({
  entryPoints: [`${root}test/bench/main.ts`],
  outdir,
  outExtension: { '.js': '.mjs' },
  splitting: true,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  tsconfig: `${root}tsconfig.json`,
  sourcemap: 'inline',
  logLevel: 'warning',
})

// Prices are timed by the processor: where other work runs, threads that collect garbage side by side wait for each other,
// and count for more than what is measured.
const flagsOf: Readonly<Record<string, readonly string[]>> = {
  price: ['--single-threaded-gc', '--expose-gc'],
  // Memory is what is left when nothing else is.
  search: ['--expose-gc'],
  // A million products, as objects, before they are an index.
  facets: ['--expose-gc', '--max-old-space-size=6144'],
  'buyer-prices': ['--max-old-space-size=6144'],
  // A heap that cannot hold the rows: what kept them would not come to its end.
  reconcile: ['--max-old-space-size=64', '--expose-gc'],
}
const flags = flagsOf[process.argv[2] ?? ''] ?? []
const { status } = spawnSync(process.execPath, [...flags, `${outdir}/main.mjs`, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
