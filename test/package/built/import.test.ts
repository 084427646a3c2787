import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'

const consumer = inject('consumer')
const { exports }: { exports: Record<string, unknown> } = JSON.parse(
  readFileSync(join(consumer, 'node_modules/shopwright/package.json'), 'utf8'),
)
const entries = Object.keys(exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => subpath.replace(/^\./, 'shopwright'))

// Run in a process of its own: the world is watched, the entry imported, and what it touched is printed.
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
await import(process.argv[2])
// zod keeps its own registry there, under names of its own, so that two copies of it agree.
const isZods = (name) => String(name).startsWith('__zod_')
for (const name of Reflect.ownKeys(globalThis)) if (!names.has(name) && !isZods(name)) touched.add('global ' + String(name))
for (const [type, count] of prototypes) if (Reflect.ownKeys(type.prototype).length !== count) touched.add('prototype of ' + type.name)
process.stdout.write(JSON.stringify([...touched]))
`

describe('importing an entry', () => {
  it.each(entries)('%s touches nothing', (entry) => {
    const script = join(consumer, 'watch-import.mjs')
    writeFileSync(script, watch)
    const answer = execFileSync(process.execPath, [script, entry], { cwd: consumer, encoding: 'utf8', timeout: 20_000 })
    expect(JSON.parse(answer)).toEqual([])
  })
})
