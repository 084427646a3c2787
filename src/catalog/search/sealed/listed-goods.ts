import { okAsync, type ResultAsync } from 'neverthrow'
import { eachAlone, readable } from '../../../shared/read-alone.js'
import { readFacts } from '../../../shared/read-facts.js'
import { claims, rows } from '../../../shared/read-plan.js'
import { categories } from '../../category.schema.js'
import { skuSpace } from '../../product.js'
import { products } from '../../product.schema.js'
import type { FollowError } from '../catalog-source.js'
import { documentsOf, type FollowPorts } from '../follow-products.js'
import { buildSegment } from '../index/build-segment.js'
import { indexOver, without } from '../index/catalog-index.js'
import type { SearchDocument } from '../index/search-document.js'
import type { Segment } from '../index/segment.js'
import { asKnown } from '../index/vocabulary.js'
import { pricedIndex, type ViewerPrices } from '../query/viewer-prices.js'
import { changeSealedCatalog, type SealedCatalog } from './sealed-catalog.js'
import type { SealedIndex, SealedPlace } from './sealed-index.js'

/**
 * The products of an epoch that price lists name. An epoch knows what the catalog says they cost; so that they stand at the
 * prices of whoever looks, they are kept in process like what changed since, and the epoch is asked without them.
 */
export type ListedShelf = {
  /** The catalog at the prices of whoever looks. */
  readonly at: (
    ports: FollowPorts,
    catalog: SealedCatalog,
    prices: ViewerPrices | undefined,
  ) => ResultAsync<SealedCatalog, FollowError>
}

type Listed = {
  readonly skus: ReadonlySet<string>
  readonly places: ReadonlyMap<string, SealedPlace>
  readonly segments: readonly Segment[]
}

const noneListed: Listed = { skus: new Set(), places: new Map(), segments: [] }

/** How many SKUs are looked up at once. */
const atOnce = 1_000

/** An empty shelf for the products of one epoch. */
export const createListedShelf = (index: Pick<SealedIndex, 'placesOf'>): ListedShelf => {
  // By storage: what a transaction of the host sees may never come to be.
  const held = new WeakMap<FollowPorts['storage'], Listed>()
  // Of which lists of SKUs all are looked up. They are long, the same for all who look alike, and never changed.
  const whole = new WeakMap<ViewerPrices['skus'], Listed>()
  const views = new WeakMap<SealedCatalog, { readonly listed: Listed; readonly catalog: SealedCatalog }>()
  const viewOf = (catalog: SealedCatalog, listed: Listed): SealedCatalog => {
    const kept = views.get(catalog)
    if (kept?.listed === listed) return kept.catalog
    const made = withListed(catalog, listed)
    views.set(catalog, { listed, catalog: made })
    return made
  }
  return {
    at: (ports, catalog, prices) => {
      if (prices === undefined) return okAsync(catalog)
      const { storage } = ports
      const before = held.get(storage) ?? noneListed
      const { skus } = prices
      const missing = whole.get(skus) === before ? [] : [...skus].filter((sku) => !before.skus.has(sku))
      return lookUp(ports, index, { catalog, missing, listed: before }).map((listed) => {
        // Others may have looked up more meanwhile; what is forgotten is looked up again.
        held.set(storage, listed)
        whole.set(skus, listed)
        const view = viewOf(catalog, listed)
        return { ...view, changed: pricedIndex(view.changed, prices) }
      })
    },
  }
}

type Course = { readonly catalog: SealedCatalog; readonly missing: readonly string[]; readonly listed: Listed }

const lookUp = (
  ports: FollowPorts,
  index: Pick<SealedIndex, 'placesOf'>,
  course: Course,
): ResultAsync<Listed, FollowError> =>
  course.missing.length === 0
    ? okAsync(course.listed)
    : lookUpFrom(ports, index, course, { at: 0, found: new Map() }).map((found) => withProducts(course, found))

/** Products that are in the epoch, as they are now and where they stand in it, by their ids. */
type Found = ReadonlyMap<string, { readonly document: SearchDocument; readonly place: SealedPlace }>

const lookUpFrom = (
  ports: FollowPorts,
  index: Pick<SealedIndex, 'placesOf'>,
  course: Course,
  { at, found }: { readonly at: number; readonly found: Found },
): ResultAsync<Found, FollowError> => {
  const { catalog, missing, listed } = course
  const skus = missing.slice(at, at + atOnce)
  if (skus.length === 0) return okAsync(found)
  const plan = {
    owners: claims(skuSpace, skus),
    products: rows(eachAlone(products), { from: 'owners', path: '' }),
    places: rows(eachAlone(categories), { from: 'products', path: 'categoryIds.*' }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan })
    .andThen((read) => {
      const documents = documentsOf(readable(read.products), readable(read.places)).filter(
        ({ id }) => !listed.places.has(id),
      )
      const ids = documents.map(({ id }) => id)
      return index.placesOf({ shop: catalog.shop, epoch: catalog.epoch, ids }).map((places): Found => {
        // What is new since the epoch is among what changed since.
        const placed = new Map(places.map((place) => [place.id, place]))
        const known = documents.flatMap((document) => {
          const place = placed.get(document.id)
          return place === undefined ? [] : [[document.id, { document, place }] as const]
        })
        return new Map([...found, ...known])
      })
    })
    .andThen((more) => lookUpFrom(ports, index, course, { at: at + atOnce, found: more }))
}

const withProducts = ({ catalog, missing, listed }: Course, found: Found): Listed => {
  const documents = [...found.values()].map(({ document }) => document)
  return {
    skus: new Set([...listed.skus, ...missing]),
    places: new Map([...listed.places, ...[...found].map(([id, { place }]) => [id, place] as const)]),
    // One segment, however many looks it took: each is gone through by every search.
    segments:
      documents.length === 0
        ? listed.segments
        : [...listed.segments, buildSegment(asKnown(catalog.knowledge.vocabulary), documents)],
  }
}

/** Those that are still as they were in the epoch count as changed; the others are there already. */
const withListed = (catalog: SealedCatalog, { places, segments }: Listed): SealedCatalog => {
  const { changed, dead, knowledge } = catalog
  const unchanged = segments.map((segment) => without(segment, dead.keys()))
  const index = indexOver(knowledge.vocabulary, [...changed.segments, ...unchanged], changed.epoch)
  const apart = [...places.values()].filter(({ id }) => !dead.has(id))
  // Nothing has changed of these, so what is known of all stays as it is.
  return { ...changeSealedCatalog(catalog, index, apart), figures: catalog.figures }
}
