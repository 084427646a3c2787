// Runs every check but the tests and counts them: `npm run check`, or some of them: `npm run check -- lint types`.
import { spawn } from 'node:child_process'
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
  'pages',
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

type Outcome = { readonly holds: boolean; readonly output: string }

const run = (name: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', name], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', (error) => resolve({ holds: false, output: error.message }))
    child.once('close', (code) => resolve({ holds: code === 0, output: Buffer.concat(chunks).toString('utf8').trim() }))
  })

const failed: string[] = []
const chosen = steps.filter((name) => asked.length === 0 || asked.includes(name))

const runInTurn = async (names: readonly string[]): Promise<void> => {
  for (const name of names) {
    const start = performance.now()
    const { holds, output } = await run(name)
    const took = `${((performance.now() - start) / 1000).toFixed(1)} s`
    console.log(`${holds ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${took}`)
    if (!holds) failed.push(name)
    if (!holds || name === 'licences') console.log(output)
  }
}

// What reads the sources alone, on one processor and for long, goes beside the rest.
const beside = ['types', 'docs']
await Promise.all([
  runInTurn(chosen.filter((name) => !beside.includes(name))),
  runInTurn(chosen.filter((name) => beside.includes(name))),
])
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
console.log(`check: ${chosen.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
