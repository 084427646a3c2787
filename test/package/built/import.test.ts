import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'

const consumer = inject('consumer')
const { exports }: { exports: Record<string, unknown> } = JSON.parse(
  readFileSync(join(consumer, 'node_modules/shopwright/package.json'), 'utf8'),
)
const entries = Object.keys(exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => subpath.replace(/^\./, 'shopwright'))

// Run in a process of its own: the world is watched, the entries are imported one after another, and what each touched is
// printed. What several share is loaded once, and told of the first of them.
const watch = `
const touched = new Set()
const watchMethod = (owner, name, label) => {
  const method = owner[name]
  owner[name] = function (...args) { touched.add(label); return Reflect.apply(method, this, args) }
}
watchMethod(Date, 'now', 'Date.now')
watchMethod(Math, 'random', 'Math.random')
for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']) watchMethod(globalThis, name, name)
for (const name of ['log', 'info', 'warn', 'error', 'debug']) watchMethod(console, name, 'console.' + name)
watchMethod(crypto, 'getRandomValues', 'getRandomValues')
process.on('warning', () => touched.add('warning'))
const names = new Set(Reflect.ownKeys(globalThis))
const prototypes = [Object, Array, String, Number, Promise, Date].map((type) => [type, Reflect.ownKeys(type.prototype).length])
const found = {}
// zod keeps its own registry there, under names of its own, so that two copies of it agree.
const isZods = (name) => String(name).startsWith('__zod_')
for (const entry of process.argv.slice(2)) {
  touched.clear()
  await import(entry).catch((error) => touched.add('threw ' + error))
  for (const name of Reflect.ownKeys(globalThis)) if (!names.has(name) && !isZods(name)) touched.add('global ' + String(name))
  for (const [type, count] of prototypes) if (Reflect.ownKeys(type.prototype).length !== count) touched.add('prototype of ' + type.name)
  found[entry] = [...touched]
}
process.stdout.write(JSON.stringify(found))
`

describe('importing an entry', () => {
  let found: Readonly<Record<string, readonly string[]>> = {}
  beforeAll(() => {
    const script = join(consumer, 'watch-import.mjs')
    writeFileSync(script, watch)
    const args = [script, ...entries]
    found = JSON.parse(execFileSync(process.execPath, args, { cwd: consumer, encoding: 'utf8', timeout: 50_000 }))
  })

  it.each(entries)('%s touches nothing', (entry) => {
    expect(found[entry]).toEqual([])
  })
})
