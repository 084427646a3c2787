import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { loadIndex } from '../../../src/catalog/search/saved/load-index.js'
import { saveIndex } from '../../../src/catalog/search/saved/save-index.js'
import { didYouMean } from '../../../src/catalog/search/spelling/did-you-mean.js'
import { document, indexOf, query } from './documents.js'

const shelf = updateIndex(
  indexOf(
    document('a', 'Bluetooth speaker', { facets: [{ facet: 'brand', value: 'Orrin', label: 'Orrin' }] }),
    document('b', '蓝牙耳机 \ud83d\udd0a', { priceMinor: null, trend: 3, launchedAt: 9 }),
    document('c', 'Speaker of oak', {
      trend: 5,
      launchedAt: 7,
      facets: [
        { facet: 'category', value: 'home', label: 'Home\n家居' },
        { facet: 'category', value: 'audio', label: 'Audio' },
      ],
    }),
  ),
  { changed: [document('d', 'Lamp, blue')], gone: ['a'] },
)

const loaded = (bytes: Uint8Array) => loadIndex(bytes)._unsafeUnwrap()

describe('an index that was saved and loaded', () => {
  it.each(['speaker', '耳机', 'lanyaerji', 'bluetoth', '', 'lamp oak'])('answers %j as before', (text) => {
    const again = loaded(saveIndex(shelf))
    for (const sort of ['relevance', 'priceAscending', 'hot', 'launched'] as const) {
      const asked = query(text, { sort, isExplained: true })
      expect(searchIndex(again, asked)).toEqual(searchIndex(shelf, asked))
    }
    expect(didYouMean(again, text)).toEqual(didYouMean(shelf, text))
    expect(again.size).toBe(shelf.size)
  })

  it('goes on as the other would: updated alike, they answer alike', () => {
    const change = { changed: [document('c', 'Lamp of oak'), document('e', 'Bluetooth lamp')], gone: ['b'] }
    const asked = query('bluetooth lamp')
    expect(searchIndex(updateIndex(loaded(saveIndex(shelf)), change), asked)).toEqual(
      searchIndex(updateIndex(shelf, change), asked),
    )
  })

  it('is the same bytes however often it is saved, wherever they stand', () => {
    const bytes = saveIndex(shelf)
    const moved = new Uint8Array(bytes.length + 3)
    moved.set(bytes, 3)
    expect(saveIndex(loaded(moved.subarray(3)))).toEqual(bytes)
  })

  it('is refused where anything of it is not as it was', () => {
    const bytes = saveIndex(shelf)
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const broken = bytes.slice()
        broken[at] = (broken[at] ?? 0) ^ change
        const reason = at >= 4 && at < 8 ? 'version' : 'broken'
        expect(loadIndex(broken)._unsafeUnwrapErr()).toEqual({ type: 'IndexUnreadable', reason })
      }),
    )
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), (length) => {
        expect(loadIndex(bytes.slice(0, length)).isErr()).toBe(true)
      }),
    )
  })

  it('answers in a worker what it answers here', async () => {
    const source = (path: string) => fileURLToPath(new URL(`../../../src/catalog/search/${path}`, import.meta.url))
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { parentPort, workerData } from 'node:worker_threads'
          import { loadIndex } from ${JSON.stringify(source('saved/load-index.ts'))}
          import { searchIndex } from ${JSON.stringify(source('query/search-index.ts'))}
          loadIndex(workerData.bytes).match(
            (index) => parentPort.postMessage(searchIndex(index, workerData.query)),
            (error) => parentPort.postMessage(error),
          )`,
        resolveDir: source('.'),
      },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
    })
    const asked = query('speaker')
    const answer = await new Promise<unknown>((resolve, reject) => {
      const worker = new Worker(outputFiles[0]?.text ?? '', {
        eval: true,
        workerData: { bytes: saveIndex(shelf), query: asked },
      })
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    expect(answer).toEqual(searchIndex(shelf, asked))
  })
})
