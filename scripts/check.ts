// Runs every check but the tests and counts them: `npm run check`, or some of them: `npm run check -- lint types`.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Each is a script of package.json; `package`, `publint` and `attw` read what `build` made. */
const steps = [
  'lint',
  'types',
  'architecture',
  'tidy',
  'unused',
  'build',
  'package',
  'publint',
  'attw',
  'docs',
  'examples',
  'licences',
  'portable',
]

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !steps.includes(name))
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}; there are ${steps.join(', ')}`)
  process.exit(2)
}

const failed: string[] = []
const chosen = steps.filter((name) => asked.length === 0 || asked.includes(name))
for (const name of chosen) {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', name], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  })
  const holds = status === 0
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (!holds) {
    failed.push(name)
    console.log(`${stdout}${stderr}`.trim())
  } else if (name === 'licences') {
    console.log(stdout.trim())
  }
}
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
console.log(`check: ${chosen.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
