import { err, ok, type Result } from 'neverthrow'
import type { InvalidInput } from '../../shared/errors.js'
import type { CatalogQuery, FoundProduct, OrderEnd, SearchSort } from './query/catalog-query.js'

/**
 * Where a page of a search ends. An order that hangs on products alone goes on behind the last of them. By relevance what
 * is rare in the catalog moves scores with every product that comes and goes, so the page names all that was shown, and the
 * next is the best of the rest: whatever moves meanwhile, none comes twice and none is passed over.
 */
export type SearchFrom = { readonly after: OrderEnd | undefined; readonly shown: ReadonlySet<string> }

/** The most products of a search by relevance that are paged through; by another sort there is no end to them. */
export const mostPaged = 1_000

const nameLength = 6
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Six signs for a product, 36 bits of a hash: two of a search hardly ever share them. */
const nameOf = (productId: string): string => {
  let low = 0x811c9dc5
  let high = 0x9e3779b1
  for (let at = 0; at < productId.length; at += 1) {
    const unit = productId.charCodeAt(at)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (high >>> 13)
  }
  let name = ''
  for (const half of [low, high]) {
    for (let sign = 0; sign < nameLength / 2; sign += 1) name += digits.charAt((half >>> (8 + 6 * sign)) & 63)
  }
  return name
}

/**
 * Reads where a search goes on.
 *
 * @errors InvalidInput where it is not the end of a page of this sort
 */
export const searchFrom = (sort: SearchSort, after: string | undefined): Result<SearchFrom, InvalidInput> => {
  if (after === undefined) return ok({ after: undefined, shown: new Set() })
  const place = after.indexOf('~')
  const rest = after.slice(place + 1)
  if (after.slice(0, place) === sort) {
    if (sort === 'relevance' && rest.length % nameLength === 0 && /^[\w-]*$/.test(rest)) {
      return ok({ after: undefined, shown: new Set(rest.match(/.{6}/g) ?? []) })
    }
    const [, key, id] = /^(-?\d{1,16})~(.+)$/su.exec(rest) ?? []
    if (sort !== 'relevance' && key !== undefined && id !== undefined) {
      return ok({ after: { key: Number(key), id }, shown: new Set() })
    }
  }
  const issue = { path: 'after', code: 'page_end', message: 'Not the end of a page of this sort' }
  return err({ type: 'InvalidInput', issues: [issue] })
}

/** What is asked for a page, and the page and where the next begins of what was found. */
export type SearchWindow = {
  readonly asks: Pick<CatalogQuery, 'offset' | 'limit' | 'after'>
  readonly cut: (found: readonly FoundProduct[]) => {
    readonly page: readonly FoundProduct[]
    readonly next: string | null
  }
}

/** How a page is found: with the one behind it, which says that there is more. */
export const windowOf = (
  sort: SearchSort,
  { after, shown }: SearchFrom,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): SearchWindow => {
  if (sort !== 'relevance') {
    return {
      asks: { offset, limit: limit + 1, ...(after === undefined ? {} : { after }) },
      cut: (found) => {
        const page = found.slice(0, limit)
        const last = page.at(-1)
        const isMore = found.length > limit && last !== undefined
        return { page, next: isMore ? `${sort}~${last.key}~${last.productId}` : null }
      },
    }
  }
  const passed = offset + shown.size
  if (shown.size === 0 && passed + limit >= mostPaged) {
    return { asks: { offset, limit }, cut: (page) => ({ page, next: null }) }
  }
  return {
    // What was shown before is found again and passed over: what is left of the best has the page in it.
    asks: { offset: 0, limit: passed + limit + 1 },
    cut: (found) => {
      const rest = found.slice(offset).filter(({ productId }) => shown.size === 0 || !shown.has(nameOf(productId)))
      const page = rest.slice(0, limit)
      const before = found.slice(0, offset)
      const names = [...shown, ...[...before, ...page].map(({ productId }) => nameOf(productId))]
      return { page, next: rest.length > limit && names.length < mostPaged ? `${sort}~${names.join('')}` : null }
    },
  }
}
