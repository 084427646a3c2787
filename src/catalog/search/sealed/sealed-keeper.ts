import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { Instant } from '../../../shared/instant.js'
import type { FollowError } from '../catalog-source.js'
import { overlapMs, type ProductKeeper } from '../follow-products.js'
import { type CatalogIndex, emptyIndex, indexOver, updateIndex, without } from '../index/catalog-index.js'
import { searchIndex } from '../query/search-index.js'
import { type Knowledge, loadKnowledge } from './knowledge.js'
import { createListedShelf, type ListedShelf } from './listed-goods.js'
import { changeSealedCatalog, openSealedCatalog, type SealedCatalog } from './sealed-catalog.js'
import { type SealedEpoch, type SealedIndex, sealedFormat } from './sealed-index.js'
import { searchSealed } from './search-sealed.js'

/** Before the first epoch is made everything is what changed since. */
type Held =
  | (Seen & {
      readonly sealed: SealedCatalog
      readonly sealedAt: Instant
      readonly listed: ListedShelf
      readonly index: null
    })
  | (Seen & { readonly sealed: null; readonly index: CatalogIndex; readonly shop: string })

/** The newest epoch there was when it was begun. */
type Seen = { readonly seen: number }

/** Keeps products in an epoch elsewhere, and what changed since in process. */
export const createSealedKeeper = (index: SealedIndex): ProductKeeper<Held> => {
  // Told with every answer, so that nobody has to ask for it.
  let newest = 0
  const open = (shop: string, epoch: SealedEpoch | null): ReturnType<ProductKeeper<Held>['begin']> => {
    const seen = epoch?.epoch ?? 0
    newest = seen
    if (epoch === null) {
      return okAsync({ held: { seen, sealed: null, index: emptyIndex(), shop }, from: null })
    }
    return index
      .knowledge({ shop, epoch: epoch.epoch })
      .andThen((bytes) => (bytes === null ? errAsync(gone) : readKnowledge(bytes)))
      .map((knowledge) => {
        const sealed = openSealedCatalog(shop, epoch.epoch, knowledge)
        // Of what was saved shortly before it was begun not all was certain to be there.
        const sealedAt = epoch.from + overlapMs
        return { held: { seen, sealed, sealedAt, listed: createListedShelf(index), index: null }, from: epoch.from }
      })
  }
  return {
    begin: (ports) => index.newest(ofThisFormat(ports.shop)).andThen((epoch) => open(ports.shop, epoch)),
    isOver: ({ seen }) => seen < newest,
    tell: (_, held, changes) => {
      if (held.sealed === null) return okAsync({ ...held, index: updateIndex(held.index, changes) })
      const { sealed } = held
      const ids = [...changes.changed.map(({ id }) => id), ...changes.gone].filter((id) => !sealed.dead.has(id))
      const changed = updateIndex(sealed.changed, changes)
      return index
        .placesOf({ shop: sealed.shop, epoch: sealed.epoch, ids })
        .map((dead) => ({ ...held, sealed: changeSealedCatalog(sealed, changed, dead) }))
    },
    apart: (held) => {
      if (held.sealed === null) {
        return { ...held, index: indexOver(held.index.vocabulary.apart(), held.index.segments) }
      }
      const { knowledge, changed } = held.sealed
      const vocabulary = knowledge.vocabulary.apart()
      const sealed = { ...held.sealed, knowledge: { ...knowledge, vocabulary } }
      const own = indexOver(vocabulary, changed.segments, changed.epoch)
      return { ...held, sealed: changeSealedCatalog(sealed, own, []) }
    },
    standingOf: (held) =>
      held.sealed === null
        ? { status: 'unsealed', products: held.index.size }
        : { status: 'sealed', sealedAt: held.sealedAt, changed: changedSince(held.sealed) },
    figuresOf: ({ sealed, index: all }) => (sealed === null ? all : sealed.figures),
    ask: (ports, held, queries, words) => {
      if (held.sealed === null) {
        return index.newest(ofThisFormat(held.shop)).map((epoch) => {
          newest = Math.max(newest, epoch?.epoch ?? 0)
          return queries.map((query) => searchIndex(held.index, query, words))
        })
      }
      const { sealed, listed } = held
      return ResultAsync.combine(
        queries.map((query) => listed.at(ports, sealed, query.prices).map((catalog) => ({ catalog, query }))),
      )
        .andThen((asked) => searchSealed(index, asked, words))
        .map((found) => {
          // One that is gone is looked for anew, once.
          newest = Math.max(newest, found?.newest ?? held.seen + 1)
          return found?.answers ?? null
        })
    },
  }
}

/** Those that are no more what they were, and those that are new. */
const changedSince = ({ changed, dead }: SealedCatalog): number =>
  dead.size +
  indexOver(
    changed.vocabulary,
    changed.segments.map((segment) => without(segment, dead.keys())),
  ).size

const ofThisFormat = (shop: string) => ({ shop, format: sealedFormat })

const gone: FollowError = { type: 'StorageUnavailable', detail: 'the epoch of the index was dropped while it was read' }

const readKnowledge = (bytes: Uint8Array): ResultAsync<Knowledge, FollowError> =>
  loadKnowledge(bytes).match(
    (knowledge): ResultAsync<Knowledge, FollowError> => okAsync(knowledge),
    ({ reason }) =>
      errAsync({ type: 'StorageUnavailable', detail: `the epoch of the index cannot be read: ${reason}` }),
  )
