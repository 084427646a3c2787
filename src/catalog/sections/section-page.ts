import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Scope } from '../../shared/actor.js'
import { book } from '../../shared/books.js'
import type { InvalidInput, NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { CatalogPorts } from '../ports.js'
import type { ProductCard } from '../product-card.js'
import type { CatalogSource } from '../search/catalog-source.js'
import { readFound, withinScope } from '../search/found-cards.js'
import { pricedQuery } from '../search/priced-query.js'
import type { CatalogQuery, FoundProduct, OrderEnd } from '../search/query/catalog-query.js'
import { partsOf, type WithinPart } from '../search/query/filter-documents.js'
import type { GoodsPromotion, PromotionViewer } from './goods-promotions.js'
import { partsOfRule, type Section, type SectionSort, sectionsOf, sortOf } from './section.js'
import { parseSection, type SectionInput, sectionBookId, sectionBooks } from './section.schema.js'
import { reasonFor, type SectionReason } from './section-reason.js'

/** A product of a section, and why it stands there. */
export type SectionProduct<Card extends ProductCard = ProductCard> = {
  readonly card: Card
  readonly because: SectionReason
}

/** A page of a section. */
export type SectionPage = {
  readonly section: Pick<Section, 'sectionId' | 'title' | 'rule'>
  /** May be fewer than the limit, even none, while there is more. */
  readonly products: readonly SectionProduct[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
}

/**
 * Shows a section of the shop: what is pinned, then what its rule holds for now, page by page; every product that stays as
 * it is comes once. A promotion that ends takes its goods out at that moment.
 *
 * @errors NotFound, QueryError
 */
export const sectionPage = (
  ports: CatalogPorts,
  context: QueryContext,
  input: SectionInput,
): ResultAsync<SectionPage, NotFound | QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.section',
    parse: parseSection,
    plan: ({ now }) => ({ declared: book(ports.books, sectionBooks, sectionBookId, now) }),
    answer: ({ declared }, { input: asked, actor, scope, now }): ResultAsync<SectionPage, NotFound | QueryError> => {
      const { sectionId, channel, region } = asked
      const section = sectionsOf(declared?.state).find((each) => each.sectionId === sectionId)
      if (section === undefined) return errAsync({ type: 'NotFound', entity: 'section', id: sectionId })
      const from = pageFrom(section, asked.after)
      if (from.isErr()) return errAsync(from.error)
      const viewer = {
        actor,
        now,
        ...(channel === undefined ? {} : { channel }),
        ...(region === undefined ? {} : { region }),
      }
      return holding(ports, section, viewer).andThen((promotions) =>
        ports.shelf
          .follow(ports)
          .andThen((source) => showPage(ports, { source, section, promotions, asked, from: from.value, scope, now })),
      )
    },
  })

const holding = (
  { promotions }: CatalogPorts,
  { rule }: Section,
  viewer: PromotionViewer,
): ResultAsync<readonly GoodsPromotion[], QueryError> =>
  rule.kind === 'promotion' && promotions !== undefined ? promotions.holding(viewer) : okAsync([])

/** Where a page begins: among the pinned ones, behind one of them, or behind one of the others. */
type PageFrom = { readonly pinned: readonly string[]; readonly after: OrderEnd | undefined }

const pinnedMark = 'pinned'

/** @errors InvalidInput where it is not the end of a page of the section as it is ordered now */
const pageFrom = (section: Section, after: string | undefined): Result<PageFrom, InvalidInput> => {
  const { pinned = [] } = section
  if (after === undefined) return ok({ pinned, after: undefined })
  const [, sortOrMark, key, id] = /^(\w+)~(-?\d{1,16})~(.+)$/su.exec(after) ?? []
  if (sortOrMark === pinnedMark && id !== undefined) {
    // Behind one that is pinned no more the others begin.
    const place = pinned.indexOf(id)
    return ok({ pinned: place < 0 ? [] : pinned.slice(place + 1), after: undefined })
  }
  if (sortOrMark !== sortOf(section) || key === undefined || id === undefined) {
    const issue = { path: 'after', code: 'page_end', message: 'Not the end of a page of this section' }
    return err({ type: 'InvalidInput', issues: [issue] })
  }
  return ok({ pinned: [], after: { key: Number(key), id } })
}

type Candidate = { readonly productId: string; readonly end: string; readonly isPinned: boolean }

type Asked = {
  readonly source: CatalogSource
  readonly section: Section
  readonly promotions: readonly GoodsPromotion[]
  readonly asked: SectionInput
  readonly from: PageFrom
  readonly scope: Scope
  readonly now: Instant
}

const showPage = (ports: CatalogPorts, page: Asked): ResultAsync<SectionPage, QueryError> => {
  const { section, promotions, asked, scope, now } = page
  const { limit = 24, inStockOnly = false } = asked
  // What cannot be asked is looked at here, so more is looked at than is shown.
  const scanned = inStockOnly || section.rule.kind === 'promotion' ? Math.max(limit, 200) : limit
  return candidatesOf(page, scanned + 1, pricesFor(section, ports.prices)).andThen((candidates) => {
    const looked = candidates.slice(0, scanned)
    return readFound(ports, looked, { scope, now }).map((found): SectionPage => {
      const byId = new Map(found.map((each) => [each.product.productId, each]))
      const products: SectionProduct[] = []
      let last: Candidate | undefined
      let isCut = candidates.length > looked.length
      for (const [place, candidate] of looked.entries()) {
        last = candidate
        const { product, card } = byId.get(candidate.productId) ?? {}
        if (product === undefined || card === undefined || (inStockOnly && !card.inStock)) continue
        const because = candidate.isPinned ? pinnedReason : reasonFor(section.rule, product, promotions, now)
        if (because === undefined) continue
        products.push({ card, because })
        if (products.length < limit) continue
        isCut ||= place + 1 < looked.length
        break
      }
      const { sectionId, title, rule } = section
      return { section: { sectionId, title, rule }, products, next: isCut && last !== undefined ? last.end : null }
    })
  })
}

/** The bounds of a section are in the currency of the catalog. */
const pricesFor = ({ filter = {} }: Section, prices: CatalogPorts['prices']): CatalogPorts['prices'] => {
  const isBounded = filter.minPriceMinor !== undefined || filter.maxPriceMinor !== undefined
  return prices !== undefined && prices.currency !== null && isBounded ? undefined : prices
}

const pinnedReason: SectionReason = { kind: 'pinned' }

/** The products of a section in their order, at most so many; the pinned ones first. */
const candidatesOf = (
  { source, section, promotions, asked, from, scope, now }: Asked,
  most: number,
  prices: CatalogPorts['prices'],
): ResultAsync<readonly Candidate[], QueryError> => {
  const { pinned = [], leftOut = [] } = section
  const sort: SectionSort = sortOf(section)
  const within: readonly WithinPart[] = [...withinScope(scope), ...partsOf(section.filter ?? {})]
  const ask = (query: Pick<CatalogQuery, 'within' | 'limit' | 'after'>) =>
    source.ask(pricedQuery(source.figures, prices, { text: '', filter: asked.filter ?? {}, sort, offset: 0, ...query }))
  const apart = new Set([...pinned, ...leftOut])
  const welcome: ResultAsync<readonly FoundProduct[], QueryError> =
    from.pinned.length === 0
      ? okAsync([])
      : ask({
          within: [...within, { kind: 'products', ids: from.pinned }],
          limit: from.pinned.length,
        }).map(({ found }) => found)
  return welcome.andThen((first) =>
    ask({
      within: [...within, ...partsOfRule(section.rule, promotions, now)],
      limit: most + apart.size,
      ...(from.after === undefined ? {} : { after: from.after }),
    }).map(({ found }) =>
      [
        ...from.pinned
          .filter((id) => first.some(({ productId }) => productId === id))
          .map((productId) => ({ productId, end: `${pinnedMark}~0~${productId}`, isPinned: true })),
        ...found
          .filter(({ productId }) => !apart.has(productId))
          .map(({ productId, key }) => ({ productId, end: `${sort}~${key}~${productId}`, isPinned: false })),
      ].slice(0, most),
    ),
  )
}
