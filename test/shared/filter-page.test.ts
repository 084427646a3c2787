import fc from 'fast-check'
import { errAsync, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { exportPages, jsonLines } from '../../src/shared/export-pages.js'
import { filterPage } from '../../src/shared/filter-page.js'

/** A list of numbers, read a page at a time as a storage would. */
const listOf = (all: readonly number[], by: { limit: number; looksAt: number; keep: (row: number) => boolean }) => {
  const ask = (after: number | undefined) => {
    const start = after === undefined ? 0 : all.indexOf(after) + 1
    const page = filterPage(all.slice(start, start + by.looksAt + 1), by)
    return okAsync({ rows: page.rows, next: page.endsBehind ?? null })
  }
  return ask
}

const textOf = async (pieces: AsyncIterable<{ _unsafeUnwrap: () => string }>) => {
  let text = ''
  for await (const piece of pieces) text += piece._unsafeUnwrap()
  return text
}

describe('a page of what is kept', () => {
  it('goes on behind the last row looked at, though it kept none', () => {
    const keep = (row: number) => row === 9
    expect(filterPage([1, 2, 3, 4], { limit: 2, looksAt: 3, keep })).toEqual({ rows: [], endsBehind: 3 })
    expect(filterPage([7, 8, 9], { limit: 1, looksAt: 3, keep })).toEqual({ rows: [9], endsBehind: undefined })
    expect(filterPage([9, 8, 7], { limit: 1, looksAt: 3, keep })).toEqual({ rows: [9], endsBehind: 9 })
  })

  it('page by page gives every kept row once, in order, and as text the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (all, limit, more, divisor) => {
          const keep = (row: number) => row % divisor === 0
          const ask = listOf(all, { limit, looksAt: limit + more, keep })
          const text = await textOf(exportPages(ask, ({ rows }) => rows.map((row) => `${row}\n`).join('')))
          expect(text).toBe(
            all
              .filter(keep)
              .map((row) => `${row}\n`)
              .join(''),
          )
        },
      ),
    )
  })
})

describe('an export', () => {
  it('writes what stands above the rows once, and ends with the refusal where the list refuses', async () => {
    const refusal = { type: 'StorageUnavailable' } as const
    const ask = (after: number | undefined) =>
      after === undefined ? okAsync({ rows: [1], next: 1 }) : errAsync(refusal)
    const pieces = []
    for await (const piece of exportPages(ask, ({ rows }, isFirst) => `${isFirst ? 'n\n' : ''}${rows}\n`))
      pieces.push(piece)
    expect(pieces.map((piece) => (piece.isOk() ? piece.value : piece.error))).toEqual(['n\n1\n', refusal])
  })

  it('of JSON Lines is a row a line', () => {
    expect(jsonLines([{ a: 'x\ny' }, { b: 1 }])).toBe('{"a":"x\\ny"}\n{"b":1}\n')
  })
})
