import type { Instant } from '../shared/instant.js'
import { compareCodePoints } from '../shared/json.js'
import { definitionsOf, readAttributes } from './attributes/read-attributes.js'
import type { Category } from './category.js'
import { isEmptyText } from './local-text.js'
import type { Product, ProductContent, ProductFacts, ProductStatus } from './product.js'
import { facetsOf } from './product-facets.js'
import { noStanding } from './product-standing.js'

/** What makes a product of its content. */
export type ProductParts = {
  readonly productId: string
  readonly externalId: string
  readonly merchantId: string
  readonly content: ProductContent
  /** The content's home categories and all above them, which say of what kind attributes are. */
  readonly branch: readonly Pick<Category, 'categoryId' | 'parentId' | 'attributes'>[]
  /** As it was before this save; undefined when it is new. */
  readonly before: Pick<Product, 'createdAt' | 'standing' | 'launchedAt'> | undefined
  readonly now: Instant
}

/**
 * Makes all facts of a product from what is stated: attributes of their kinds, ancestors, facets, lowest price.
 */
export const composeFacts = (parts: ProductParts): ProductFacts => {
  const { attributes } = readAttributes(parts.content.attributes, definitionsOf(parts.branch))
  const content: ProductContent = { ...parts.content, attributes }
  const prices = content.variants.map(({ listPrice }) => listPrice.minor)
  return {
    ...content,
    productId: parts.productId,
    externalId: parts.externalId,
    merchantId: parts.merchantId,
    categoryIds: branchIds(parts.branch),
    facets: facetsOf(content),
    minPriceMinor: prices.length === 0 ? null : Math.min(...prices),
    standing: parts.before?.standing ?? noStanding,
    ...(parts.before?.launchedAt === undefined ? {} : { launchedAt: parts.before.launchedAt }),
    createdAt: parts.before?.createdAt ?? parts.now,
    updatedAt: parts.now,
  }
}

/** The facts of a product with its attributes as its categories define them now, and where these are now. */
export const readAnew = (product: Product, branch: ProductParts['branch']): ProductFacts => {
  const facts = factsOf(product)
  const { attributes } = readAttributes(facts.attributes, definitionsOf(branch))
  return { ...facts, categoryIds: branchIds(branch), attributes, facets: facetsOf({ ...facts, attributes }) }
}

/** The categories of a branch as a product names them: sorted, each once. */
export const branchIds = (branch: readonly Pick<Category, 'categoryId'>[]): readonly string[] =>
  [...new Set(branch.map(({ categoryId }) => categoryId))].sort(compareCodePoints)

/** Puts facts under a status; the moment it took the status is kept when it has it already. */
export const withStatus = (
  facts: ProductFacts,
  status: Exclude<ProductStatus, 'absent'>,
  before: Product | undefined,
): Product => {
  switch (status) {
    case 'draft':
      return { ...facts, status }
    case 'active':
      return before?.status === 'active'
        ? { ...facts, status, publishedAt: before.publishedAt }
        : { ...facts, status, publishedAt: facts.updatedAt, launchedAt: launchedBy(facts, before) }
    case 'archived':
      return { ...facts, status, archivedAt: before?.status === 'archived' ? before.archivedAt : facts.updatedAt }
  }
}

// What was archived before the moment was kept had been on sale before; since when is not known.
const launchedBy = ({ launchedAt, createdAt, updatedAt }: ProductFacts, before: Product | undefined): Instant =>
  launchedAt ?? (before?.status === 'archived' ? createdAt : updatedAt)

/** The facts of a product without its status. */
export const factsOf = (product: Product): ProductFacts => {
  const { productId, externalId, merchantId, categoryIds, facets, minPriceMinor, createdAt, updatedAt } = product
  const { standing, launchedAt } = product
  return {
    ...contentOf(product),
    productId,
    externalId,
    merchantId,
    categoryIds,
    facets,
    minPriceMinor,
    ...(standing === undefined ? {} : { standing }),
    ...(launchedAt === undefined ? {} : { launchedAt }),
    createdAt,
    updatedAt,
  }
}

/** What is stated of a product, without what is made of it. */
export const contentOf = (product: ProductFacts): ProductContent => ({
  title: product.title,
  description: product.description,
  brand: product.brand,
  homeCategoryIds: product.homeCategoryIds,
  variants: product.variants,
  attributes: product.attributes,
  ...(product.tags === undefined ? {} : { tags: product.tags }),
  media: product.media,
  ...(product.manuals === undefined ? {} : { manuals: product.manuals }),
  ...(product.accessoryIds === undefined ? {} : { accessoryIds: product.accessoryIds }),
  ...(product.warrantyMonths === undefined ? {} : { warrantyMonths: product.warrantyMonths }),
  perPersonLimit: product.perPersonLimit,
})

/**
 * What a product still lacks to be sold.
 *
 * @param homes - the rows of its categories and those above, which say which attributes they require and of what kind
 * @returns `title`, `category`, `variants`, `price:SKU`, `attribute:NAME`, `attributeKind:NAME`; empty when nothing is missing
 */
export const missingForSale = (
  content: ProductContent,
  homes: readonly Pick<Category, 'categoryId' | 'parentId' | 'requiredAttributes' | 'attributes'>[],
): readonly string[] => {
  const required = new Set(homes.flatMap(({ requiredAttributes }) => requiredAttributes))
  return [
    ...(isEmptyText(content.title) ? ['title'] : []),
    ...(content.homeCategoryIds.length === 0 ? ['category'] : []),
    ...(content.variants.length === 0 ? ['variants'] : []),
    ...content.variants.filter(({ listPrice }) => listPrice.minor <= 0).map(({ sku }) => `price:${sku}`),
    ...[...required]
      .filter((name) => !Object.hasOwn(content.attributes, name) || content.attributes[name] === '')
      .sort(compareCodePoints)
      .map((name) => `attribute:${name}`),
    ...readAttributes(content.attributes, definitionsOf(homes)).wrong.map((name) => `attributeKind:${name}`),
  ]
}

/** Whether two products state the same, whenever they were saved. */
export const isSameProduct = (left: Product, right: Product): boolean =>
  isSame({ ...left, updatedAt: 0 }, { ...right, updatedAt: 0 })

// Both are plain data; members may stand in any order.
const isSame = (left: unknown, right: unknown): boolean => {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  const names = Object.keys(left)
  return (
    Array.isArray(left) === Array.isArray(right) &&
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isSame(Reflect.get(left, name), Reflect.get(right, name)))
  )
}
