import { err, type Result, type ResultAsync } from 'neverthrow'
import type { Scope } from '../shared/actor.js'
import { type Change, claim, expectRow, put, release } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { claims, row, rows, rowsUpwards, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Category } from './category.js'
import { categories } from './category.schema.js'
import { composeFacts, missingForSale, withStatus } from './compose-product.js'
import { findUnknownPart, partSkusOf } from './kit-parts.js'
import { productMachine } from './machine.js'
import type { CatalogPorts } from './ports.js'
import {
  type Product,
  type ProductContent,
  type ProductError,
  type ProductStatus,
  productIdOf,
  skuSpace,
} from './product.js'
import type { SaveProductInput } from './product.schema.js'
import { parseSaveProduct, products } from './product.schema.js'

/** What a save came to. */
export type SavedProduct = {
  readonly productId: string
  readonly status: Exclude<ProductStatus, 'absent'>
  readonly version: number
}

/**
 * Saves a product: a draft when it is new, else its content anew. One that is on sale must stay complete.
 *
 * @errors CommandError, NotFound of a category, ProductIncomplete, SkuTaken, KitPartUnknown; ProductChanged where the version
 * that it was made over is no longer the last
 */
export const saveProduct = (
  ports: CatalogPorts,
  context: CommandContext,
  input: SaveProductInput,
): ResultAsync<SavedProduct, ProductError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'catalog.saveProduct',
    parse: parseSaveProduct,
    plan: ({ input: { merchantId, externalId, content } }) => ({
      product: row(products, productIdOf(merchantId, externalId)),
      branch: rowsUpwards(categories, content.homeCategoryIds, 'parentId'),
      partOwners: claims(skuSpace, partSkusOf(content)),
      partProducts: rows(products, { from: 'partOwners', path: '' }),
    }),
    decide: (facts, { input: { merchantId, externalId, content, expectedVersion }, now, scope }) => {
      const productId = productIdOf(merchantId, externalId)
      if (!isWithinMerchant(scope, merchantId)) return err(productNotFound(productId))
      const actualVersion = facts.product?.version ?? 0
      if (expectedVersion !== undefined && expectedVersion !== actualVersion) {
        return err({ type: 'ProductChanged', productId, expectedVersion, actualVersion })
      }
      const unknown = content.homeCategoryIds.find((id) => !facts.branch.some((home) => home.id === id))
      if (unknown !== undefined) return err({ type: 'NotFound', entity: 'category', id: unknown })
      const partProducts = facts.partProducts.filter(({ id }) => id !== productId)
      const wrong = findUnknownPart(content, merchantId, partProducts)
      if (wrong !== undefined) return err(wrong)
      return stateContent({
        before: facts.product,
        productId,
        externalId,
        merchantId,
        content,
        branch: facts.branch,
        now,
      }).map(({ product, changes }): { answer: SavedProduct; changes: readonly Change[] } => ({
        answer: { productId, status: product.status, version: actualVersion + 1 },
        changes: [...changes, ...expectBranch(facts.branch), ...partProducts.map((each) => expectRow(products, each))],
      }))
    },
    claimed: (taken) => (taken.space === skuSpace ? err({ type: 'SkuTaken', sku: taken.key }) : undefined),
  })

/** What a save is decided on. */
export type StatedContent = {
  readonly before: Stored<Product> | undefined
  readonly productId: string
  readonly externalId: string
  readonly merchantId: string
  readonly content: ProductContent
  /** The home categories and all above them. */
  readonly branch: readonly { readonly state: Category }[]
  readonly now: Instant
}

/**
 * Makes the row of a product with its content as stated, and the claims on its SKUs.
 *
 * @errors ProductIncomplete when it is on sale and would lack something
 */
export const stateContent = (
  stated: StatedContent,
): Result<{ readonly product: Product; readonly changes: readonly Change[] }, ProductError> => {
  const { before, productId, content } = stated
  const missing = missingForSale(content, statesOf(stated.branch))
  const lifecycle = { status: before?.state.status ?? 'absent' } as const
  return decideNext(productMachine, lifecycle, { type: 'SaveProduct', productId, missing }).map(({ events }) => {
    const facts = composeFacts({
      productId,
      externalId: stated.externalId,
      merchantId: stated.merchantId,
      content,
      branch: statesOf(stated.branch),
      before: before?.state,
      now: stated.now,
    })
    const product = withStatus(facts, before?.state.status ?? 'draft', before?.state)
    return {
      product,
      changes: [
        put(products, { id: productId, version: before?.version ?? 0, state: product, events }),
        ...skuClaims(before?.state, product),
      ],
    }
  })
}

/** Takes the SKUs a product has gained and gives back those it has lost. */
export const skuClaims = (before: Product | undefined, after: Product): readonly Change[] => {
  const had = new Set(before?.variants.map(({ sku }) => sku) ?? [])
  const has = new Set(after.variants.map(({ sku }) => sku))
  const owner = after.productId
  return [
    ...[...has].filter((sku) => !had.has(sku)).map((key) => claim({ space: skuSpace, key, owner })),
    ...[...had].filter((sku) => !has.has(sku)).map((key) => release({ space: skuSpace, key, owner })),
  ]
}

/** Relies on the categories of a branch. */
export const expectBranch = (branch: readonly Stored<Category>[]): readonly Change[] =>
  branch.map((each) => expectRow(categories, each))

/** Whether an actor's scope lets it write the goods of a merchant. */
export const isWithinMerchant = (scope: Scope, merchantId: string): boolean => {
  switch (scope.kind) {
    case 'all':
      return true
    case 'own':
      return false
    case 'merchant':
      return scope.merchantId === merchantId
    case 'fields':
      return Object.entries(scope.fields).every(
        ([field, values]) => field === 'merchantId' && values.includes(merchantId),
      )
  }
}

/** A product that is not there, or not the actor's. */
export const productNotFound = (id: string): NotFound => ({ type: 'NotFound', entity: 'product', id })

const statesOf = <State>(stored: readonly { readonly state: State }[]): readonly State[] =>
  stored.map(({ state }) => state)
