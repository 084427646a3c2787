import { webcrypto } from 'node:crypto'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { bundle } from './bundle.js'

/** Runs lines in a world that has the language, the browser's chance and nothing else: no process, no Buffer, no timers. */
const runInBrowser = async (lines: string): Promise<unknown> => {
  const text = await bundle(lines, { format: 'iife', globalName: 'page' })
  const world = createContext({ crypto: { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) } })
  return runInContext(`${text}; page.answer`, world)
}

describe('in a browser', () => {
  it('has neither process nor Buffer to lean on', async () => {
    expect(await runInBrowser('export const answer = typeof process + typeof Buffer + typeof setTimeout')).toBe(
      'undefinedundefinedundefined',
    )
  })

  it('loads the whole public API', async () => {
    const answer = await runInBrowser(
      "import * as all from 'shopwright'; export const answer = Object.keys(all).length",
    )
    expect(answer).toBeGreaterThan(10)
  })

  it('makes ids from the chance of the browser', async () => {
    const lines =
      "import { createIds } from 'shopwright'; export const answer = createIds({ now: () => 0 }).next('order')"
    expect(await runInBrowser(lines)).toMatch(/^order_0{11}[0-9A-Za-z]{16}$/)
  })

  it('keeps a shop in memory', async () => {
    const lines =
      "import { createMemoryStorage } from 'shopwright/adapters/memory'; export const answer = typeof createMemoryStorage()"
    expect(await runInBrowser(lines)).toBe('object')
  })
})
