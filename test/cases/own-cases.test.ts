import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runCases } from '../../scripts/cases/run-case.js'

// Worked out by hand; each says how, in its `derivation`. Every price is also made again of what an order would store.
const file = fileURLToPath(new URL('own-cases.json', import.meta.url))

describe('a case worked out by hand', () => {
  it.each(runCases(JSON.parse(readFileSync(file, 'utf8'))).map(({ id, verdict }) => [id, verdict] as const))(
    'comes out as %s',
    (_, verdict) => {
      expect(verdict).toEqual({ kind: 'compared', differences: [] })
    },
  )
})
