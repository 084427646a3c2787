import type { Instant } from '../shared/instant.js'
import type { Product } from './product.js'

/** What of a product says when it was launched. */
export type LaunchedProduct = Pick<Product, 'attributes' | 'createdAt' | 'launchedAt'>

/**
 * When a product was launched: when it was first put on sale here, or on the day that its `launchDate` states where that was
 * before. What has been on the market for long is not new for being listed today, nor for being listed again.
 */
export const launchOf = ({ attributes, launchedAt, createdAt }: LaunchedProduct): Instant => {
  const here = launchedAt ?? createdAt
  const stated = Object.hasOwn(attributes, 'launchDate') ? attributes.launchDate : undefined
  const [, year, month, day] = dayPattern.exec(typeof stated === 'string' ? stated.trim() : '') ?? []
  if (year === undefined) return here
  const there = Date.UTC(Number(year), Number(month) - 1, Number(day))
  return Math.max(0, Math.min(here, there))
}

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/
