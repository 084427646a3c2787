import { err, ok, type Result } from 'neverthrow'
import { parseDecimalText } from '../../shared/decimal-money.js'
import type { Money } from '../../shared/money.js'
import type { LocalText } from '../local-text.js'
import type { ProductContent, Variant } from '../product.js'
import { type PathStep, pathOf } from './category-path.js'
import type { ImportRow, ImportText, ImportVariant, RowIssue } from './import-row.js'

/** A row understood. */
export type RowContent = {
  readonly externalId: string
  readonly content: ProductContent
  /** Its category and those above it, from the top down. */
  readonly path: readonly PathStep[]
  readonly status: 'draft' | 'active' | undefined
  /** Pieces of each SKU that the row says are there. */
  readonly stock: readonly { readonly sku: string; readonly quantity: number }[]
}

/** What holds for every row that says nothing else. */
export type RowDefaults = { readonly currency: string; readonly taxClass: string }

/**
 * Understands a checked row: languages, price, category path, variants.
 *
 * @errors the issues of the row, all of them
 */
export const readRow = (row: ImportRow, defaults: RowDefaults): Result<RowContent, readonly RowIssue[]> => {
  const issues: RowIssue[] = []
  const currency = row.currency ?? defaults.currency
  const stated = row.variants ?? [row]
  const variants: Variant[] = []
  for (const [index, variant] of stated.entries()) {
    const at = row.variants === undefined ? '' : `variants.${index}.`
    const sku = variant.sku ?? (stated.length === 1 ? row.externalId : undefined)
    const price = priceOf(variant, currency)
    if (sku === undefined) issues.push(issue(`${at}sku`, 'missing', 'Each of several variants has a SKU'))
    if (price.isErr()) issues.push({ ...price.error, path: at + price.error.path })
    if (sku === undefined || price.isErr()) continue
    if (variants.some((other) => other.sku === sku))
      issues.push(issue(`${at}sku`, 'duplicate', 'Every SKU stands once'))
    variants.push({
      sku,
      options: variant.options ?? {},
      listPrice: price.value,
      weightGrams: variant.weightGrams ?? row.weightGrams ?? 0,
      taxClass: variant.taxClass ?? row.taxClass ?? defaults.taxClass,
      discountable: variant.discountable ?? row.discountable ?? true,
    })
  }
  const path = pathOf((row.categoryPath ?? []).map(localText))
  if (path === undefined) issues.push(issue('categoryPath', 'empty_name', 'Each step of the path has a name'))
  if (issues.length > 0 || path === undefined) return err(issues)
  const home = path.at(-1)
  return ok({
    externalId: row.externalId,
    path,
    status: row.status,
    content: {
      title: localText(row.title),
      description: localText(row.description ?? ''),
      brand: (row.brand ?? '').trim(),
      homeCategoryIds: home === undefined ? [] : [home.categoryId],
      variants,
      attributes: row.attributes ?? {},
      ...(row.tags === undefined ? {} : { tags: row.tags }),
      media: (row.images ?? []).map((url) => ({ kind: 'image', url })),
      perPersonLimit: row.perPersonLimit ?? null,
    },
    stock: stated.flatMap((variant) => {
      const sku = variant.sku ?? row.externalId
      return variant.stock === undefined ? [] : [{ sku, quantity: variant.stock }]
    }),
  })
}

const priceOf = (variant: ImportVariant, currency: string): Result<Money, RowIssue> => {
  if (variant.priceMinor !== undefined) {
    return variant.price === undefined
      ? ok({ minor: variant.priceMinor, currency })
      : err(issue('price', 'price_twice', 'Either `price` or `priceMinor`'))
  }
  if (variant.price === undefined) return err(issue('price', 'missing', 'A price is missing'))
  return parseDecimalText(String(variant.price), currency)
    .mapErr((error) => issue('price', error.type, 'Not a price of this currency'))
    .andThen((price) => (price.minor >= 0 ? ok(price) : err(issue('price', 'too_small', 'A price is not below zero'))))
}

const localText = (text: ImportText): LocalText => {
  if (typeof text !== 'string') return { en: (text.en ?? '').trim(), 'zh-CN': (text['zh-CN'] ?? '').trim() }
  const tidy = text.trim()
  return /\p{Script=Han}/u.test(tidy) ? { en: '', 'zh-CN': tidy } : { en: tidy, 'zh-CN': '' }
}

const issue = (path: string, code: string, message: string): RowIssue => ({ path, code, message })
