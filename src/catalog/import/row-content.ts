import { err, ok, type Result } from 'neverthrow'
import { parseDecimalText } from '../../shared/decimal-money.js'
import type { Money } from '../../shared/money.js'
import { contentOf } from '../compose-product.js'
import type { LocalText } from '../local-text.js'
import type { Product, ProductContent, Variant } from '../product.js'
import { type PathStep, pathOf } from './category-path.js'
import type { ImportRow, ImportText, ImportVariant, RowIssue } from './import-row.js'

/** What a row says of a product; what it leaves out is absent. */
export type StatedContent = Partial<Omit<ProductContent, 'variants' | 'title' | 'description'>> & {
  readonly title: Partial<LocalText>
  readonly description: Partial<LocalText>
  readonly variants: readonly StatedVariant[]
}

type StatedVariant = Pick<Variant, 'sku' | 'listPrice'> & Partial<Variant>

/** A row understood. */
export type RowContent = {
  readonly externalId: string
  readonly content: StatedContent
  /** What a new SKU is taxed as where the row does not say so. */
  readonly taxClass: string
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
  const variants: StatedVariant[] = []
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
      listPrice: price.value,
      ...said({
        options: variant.options,
        weightGrams: variant.weightGrams ?? row.weightGrams,
        taxClass: variant.taxClass ?? row.taxClass,
        discountable: variant.discountable ?? row.discountable,
      }),
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
    taxClass: defaults.taxClass,
    content: {
      title: spoken(row.title ?? {}),
      description: spoken(row.description ?? {}),
      variants,
      ...said({
        brand: row.brand?.trim(),
        homeCategoryIds: home === undefined ? undefined : [home.categoryId],
        attributes: row.attributes,
        tags: row.tags,
        media: row.images?.map((url) => ({ kind: 'image' as const, url })),
        perPersonLimit: row.perPersonLimit,
      }),
    },
    stock: stated.flatMap((variant) => {
      const sku = variant.sku ?? row.externalId
      return variant.stock === undefined ? [] : [{ sku, quantity: variant.stock }]
    }),
  })
}

/**
 * The content of a product after a row: what the row leaves out stays as it is. Of a new product nothing is said beside the
 * row.
 */
export const contentAfter = (
  { content, taxClass }: Pick<RowContent, 'content' | 'taxClass'>,
  before: Product | undefined,
): ProductContent => {
  const held = before === undefined ? emptyContent : contentOf(before)
  const { media } = content
  return {
    ...held,
    ...content,
    title: { ...held.title, ...content.title },
    description: { ...held.description, ...content.description },
    // A file has no word for films.
    ...(media === undefined ? {} : { media: [...media, ...held.media.filter(({ kind }) => kind !== 'image')] }),
    variants: content.variants.map((stated) => ({
      options: {},
      weightGrams: 0,
      taxClass,
      discountable: true,
      ...held.variants.find(({ sku }) => sku === stated.sku),
      ...stated,
    })),
  }
}

const noText: LocalText = { en: '', 'zh-CN': '' }

const emptyContent: ProductContent = {
  title: noText,
  description: noText,
  brand: '',
  homeCategoryIds: [],
  variants: [],
  attributes: {},
  media: [],
  perPersonLimit: null,
}

type Said<Members> = { readonly [Name in keyof Members]?: Exclude<Members[Name], undefined> }

const said = <Members extends object>(members: Members): Said<Members> =>
  // What is undefined is left out, which the library's type of `fromEntries` cannot say.
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Said<Members>

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

/** A text in the languages that it names; the empty one is that in all of them. */
const spoken = (text: ImportText): Partial<LocalText> => {
  if (typeof text !== 'string') return said({ en: text.en?.trim(), 'zh-CN': text['zh-CN']?.trim() })
  const tidy = text.trim()
  if (tidy === '') return noText
  return /\p{Script=Han}/u.test(tidy) ? { 'zh-CN': tidy } : { en: tidy }
}

const localText = (text: ImportText): LocalText => ({ ...noText, ...spoken(text) })

const issue = (path: string, code: string, message: string): RowIssue => ({ path, code, message })
