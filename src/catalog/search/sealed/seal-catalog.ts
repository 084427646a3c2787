import { okAsync, type ResultAsync } from 'neverthrow'
import { daysMs, minutesMs } from '../../../shared/instant.js'
import { eachAlone, readable } from '../../../shared/read-alone.js'
import { readFacts } from '../../../shared/read-facts.js'
import { find, rows } from '../../../shared/read-plan.js'
import { categories } from '../../category.schema.js'
import type { CatalogPorts } from '../../ports.js'
import { products } from '../../product.schema.js'
import type { FollowError } from '../catalog-source.js'
import { documentsOf, overlapMs } from '../follow-products.js'
import type { SearchDocument } from '../index/search-document.js'
import { type Knowledge, loadKnowledge, noKnowledge } from './knowledge.js'
import { sealPart } from './seal-part.js'
import { type EpochDraft, type SealedEpoch, type SealedIndex, sealedFormat } from './sealed-index.js'

/** How much is done at once, and when it is worth doing. */
export type SealOptions = {
  /**
   * After how many products a turn ends; the next goes on behind them. To the end of the catalog when absent. The turns of
   * a day should come to its end: what began longer ago is begun anew.
   */
  readonly limit?: number
  /** How many products must have been saved since the last epoch; 1 when absent. */
  readonly leastChanged?: number
}

/** What a turn came to. */
export type SealReport = {
  /**
   * `sealed`: searches go by the new epoch. `underway`: the next turn goes on. `elsewhere`: another machine writes the same
   * epoch. `current`: too little has changed. `nothing`: nothing is on sale. `inProcess`: the shop keeps its index in process.
   */
  readonly status: 'sealed' | 'underway' | 'elsewhere' | 'current' | 'nothing' | 'inProcess'
  /** Products that were written in this turn. */
  readonly products: number
}

/** What sealing a catalog needs. */
export type SealPorts = Pick<CatalogPorts, 'shop' | 'storage' | 'clock' | 'catalogIndex'>

/**
 * Writes the products on sale anew to where a shop's searches look them up, and counts how often words are: a new epoch.
 * To be run when some hundredth of the catalog has changed, for what changed since is kept by every process. What was
 * written is not written again by the next turn; safe to run twice and on many machines. Every turn then drops what older
 * epochs have left.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const sealCatalog = (
  ports: SealPorts,
  { limit = Number.POSITIVE_INFINITY, leastChanged = 1 }: SealOptions = {},
): ResultAsync<SealReport, FollowError> => {
  const index = ports.catalogIndex
  if (index === undefined) return okAsync({ status: 'inProcess', products: 0 })
  return runTurn(ports, index, { limit, leastChanged }).andThen((report) =>
    dropOld(index, ports.shop).map((): SealReport => report),
  )
}

const runTurn = (
  ports: SealPorts,
  index: SealedIndex,
  { limit, leastChanged }: Required<SealOptions>,
): ResultAsync<SealReport, FollowError> =>
  index.newest({ shop: ports.shop, format: sealedFormat }).andThen((newest) =>
    isDue(ports, newest, leastChanged).andThen((due) => {
      if (!due) return okAsync<SealReport>({ status: 'current', products: 0 })
      const now = ports.clock.now()
      const since = { since: now - longestMs, emptySince: now - longestEmptyMs }
      const start = {
        shop: ports.shop,
        format: sealedFormat,
        at: now - overlapMs,
        after: newest?.epoch ?? 0,
        ...since,
      }
      return index.begin(start).andThen((draft): ResultAsync<SealReport, FollowError> => {
        if (draft === null) return okAsync({ status: 'elsewhere', products: 0 })
        return resume(ports, index, draft).andThen((sofar) => writeParts({ ports, index, limit }, sofar))
      })
    }),
  )

// All that was saved since an epoch began counts as changed, and is kept by every process.
const longestMs = daysMs
/** Nothing is lost where nothing is written yet: on a shop without products, say, that is sealed every hour. */
const longestEmptyMs = 10 * minutesMs

/** What is not dropped now, as where a statement takes too long, is dropped by the next turn: the epoch is made. */
const dropOld = (index: SealedIndex, shop: string): ResultAsync<null, FollowError> =>
  index
    .drop(shop)
    .orElse(() => okAsync(false))
    .andThen((mayBeMore) => (mayBeMore ? dropOld(index, shop) : okAsync(null)))

/** How many products are read at once, and written together. */
const pageSize = 1_000
const partPages = 5

const isDue = (
  ports: SealPorts,
  newest: SealedEpoch | null,
  leastChanged: number,
): ResultAsync<boolean, FollowError> => {
  if (newest === null) return okAsync(true)
  const saved = find(eachAlone(products), {
    where: [{ field: 'updatedAt', is: 'gte', value: newest.from + overlapMs }],
    limit: leastChanged,
  })
  return readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: ports.clock.now(),
    plan: { saved },
  }).map((facts) => facts.saved.length >= leastChanged)
}

type Sofar = { readonly draft: EpochDraft; readonly knowledge: Knowledge; readonly products: number }

/** What an earlier turn, or another machine, has written of the epoch. */
const resume = (ports: SealPorts, index: SealedIndex, draft: EpochDraft): ResultAsync<Sofar, FollowError> =>
  (draft.parts === 0 ? okAsync(null) : index.knowledge({ shop: ports.shop, epoch: draft.epoch }))
    .andThen((bytes) =>
      bytes === null
        ? okAsync(noKnowledge())
        : loadKnowledge(bytes).mapErr(
            ({ reason }): FollowError => ({
              type: 'StorageUnavailable',
              detail: `the epoch that is being written cannot be read: ${reason}`,
            }),
          ),
    )
    .map((knowledge) => ({ draft, knowledge, products: 0 }))

type Work = { readonly ports: SealPorts; readonly index: SealedIndex; readonly limit: number }

const writeParts = (work: Work, { draft, knowledge, products: done }: Sofar): ResultAsync<SealReport, FollowError> => {
  const { ports, index, limit } = work
  if (done >= limit) return okAsync({ status: 'underway', products: done })
  return readPart(ports, draft.lastId, [], partPages).andThen(({ documents, lastId }) => {
    if (lastId === null) return publish(work, { draft, knowledge, products: done })
    const { part, knowledge: known } = sealPart(knowledge, documents)
    const place = { shop: ports.shop, epoch: draft.epoch, part: draft.parts, lastId }
    return index.write({ ...place, ...part }).andThen((isOurs): ResultAsync<SealReport, FollowError> => {
      if (!isOurs) return okAsync({ status: 'elsewhere', products: done })
      const next = { ...draft, parts: draft.parts + 1, lastId }
      return writeParts(work, { draft: next, knowledge: known, products: done + documents.length })
    })
  })
}

const publish = (
  { ports, index }: Work,
  { draft, knowledge, products: done }: Sofar,
): ResultAsync<SealReport, FollowError> => {
  if (knowledge.counted === 0) return okAsync({ status: 'nothing', products: done })
  return index
    .publish({ shop: ports.shop, epoch: draft.epoch, parts: draft.parts })
    .map((isOurs): SealReport => ({ status: isOurs ? 'sealed' : 'elsewhere', products: done }))
}

type Part = { readonly documents: readonly SearchDocument[]; readonly lastId: string | null }

const readPart = (
  ports: SealPorts,
  after: string | null,
  sofar: readonly SearchDocument[],
  pages: number,
): ResultAsync<Part, FollowError> => {
  const plan = {
    saved: find(eachAlone(products), {
      where: [{ field: 'status', is: 'eq', value: 'active' }],
      limit: pageSize,
      ...(after === null ? {} : { after: { value: after, id: after } }),
    }),
    places: rows(eachAlone(categories), { from: 'saved', path: 'categoryIds.*' }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).andThen(
    ({ saved, places }) => {
      const documents = [...sofar, ...documentsOf(readable(saved), readable(places))]
      const lastId = saved.at(-1)?.id ?? null
      if (saved.length < pageSize || pages <= 1) {
        return okAsync({ documents, lastId: lastId ?? (sofar.length === 0 ? null : after) })
      }
      return readPart(ports, lastId, documents, pages - 1)
    },
  )
}
