// Runs every check but the tests and counts them: `npm run check`, or some of them: `npm run check -- lint types`.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Each is a script of package.json. What takes longest, or is waited for, begins first. */
const steps = [
  'build',
  'docs',
  'types',
  'attw',
  'package',
  'examples',
  'architecture',
  'unused',
  'tidy',
  'pages',
  'lint',
  'publint',
  'portable',
  'licences',
]

/** What reads the package that `build` made. */
const ofPackage = ['package', 'publint', 'attw']

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

const runOne = async (name: string): Promise<void> => {
  const start = performance.now()
  const { holds, output } = await run(name)
  const took = `${((performance.now() - start) / 1000).toFixed(1)} s`
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${took}`)
  if (!holds) failed.push(name)
  if (!holds || name === 'licences') console.log(output)
}

const waiting = [...chosen]
let built: Promise<void> | undefined

/** Runs one after another of what waits, until nothing does. */
const work = async (): Promise<void> => {
  for (;;) {
    const name = waiting.shift()
    if (name === undefined) return
    if (ofPackage.includes(name)) await built
    const done = runOne(name)
    if (name === 'build') built = done
    await done
  }
}

// Most of it is work of one processor.
await Promise.all([work(), work()])
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
console.log(`check: ${chosen.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
