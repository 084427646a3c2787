import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { bundle } from './bundle.js'

// Ceilings in bytes, minified, run-time dependencies included, by the lines a user writes. They stand about a tenth above what
// was measured; a change that needs more says why and runs `UPDATE_SIZES=1 npm run package`.
const ceilingsFile = new URL('size-ceilings.json', import.meta.url)
const ceilings: Record<string, number> = JSON.parse(readFileSync(ceilingsFile, 'utf8'))
const { exports }: { exports: Record<string, unknown> } = JSON.parse(
  readFileSync(join(inject('consumer'), 'node_modules/shopwright/package.json'), 'utf8'),
)
const wholeEntries = Object.keys(exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => `export * from '${subpath.replace(/^\./, 'shopwright')}'`)

const updating = process.env.UPDATE_SIZES === '1'
const measured: Record<string, number> = {}

const measure = async (lines: string): Promise<number> => {
  const bytes = Buffer.byteLength(
    await bundle(lines, {
      external: [
        'node:*',
        'pg',
        '@node-rs/argon2',
        'stripe',
        'libphonenumber-js/*',
        'oauth4webapi',
        '@simplewebauthn/server',
        'nodemailer',
      ],
    }),
  )
  measured[lines] = bytes
  return bytes
}

describe('bundle size', () => {
  it.each([...new Set([...wholeEntries, ...Object.keys(ceilings)])])('%s stays under its ceiling', async (lines) => {
    const bytes = await measure(lines)
    expect(bytes).toBeGreaterThan(0)
    if (!updating) expect(bytes).toBeLessThanOrEqual(ceilings[lines] ?? 0)
  })

  afterAll(() => {
    if (!updating) return
    const raised = Object.entries(measured).map(
      ([lines, bytes]) => [lines, Math.ceil((bytes * 1.1) / 100) * 100] as const,
    )
    writeFileSync(ceilingsFile, `${JSON.stringify(Object.fromEntries(raised.sort()), null, 2)}\n`)
  })
})
