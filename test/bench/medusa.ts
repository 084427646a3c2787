import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { PriceCartInput, PricedCart } from '../../src/pricing/priced-cart.js'
import { installContender } from './install-contender.js'

/** A number as the engine keeps it. */
type Amount = { readonly numeric: number }

/** A cart as the engine takes it; it writes the totals into it. */
type MedusaCart = {
  readonly currency_code: string
  readonly items: MedusaItem[]
  readonly shipping_methods: MedusaShipping[]
}

type Adjustment = { readonly code: string; readonly amount: unknown; readonly is_tax_inclusive?: boolean }

type MedusaItem = {
  readonly id: string
  readonly category: string
  readonly quantity: number
  readonly unit_price: number
  readonly is_tax_inclusive: true
  readonly is_discountable: true
  readonly tax_lines: readonly { readonly rate: number }[]
  readonly adjustments: Adjustment[]
}

type MedusaShipping = {
  readonly id: string
  readonly amount: number
  readonly is_tax_inclusive: true
  readonly tax_lines: readonly never[]
  readonly adjustments: Adjustment[]
}

type PricedMedusaCart = {
  readonly items: readonly { readonly total: Amount }[]
  readonly item_total: Amount
  readonly shipping_total: Amount
  readonly discount_total: Amount
  readonly tax_total: Amount
  readonly total: Amount
}

type Rule = {
  readonly attribute: string
  readonly operator: 'in' | 'gte'
  readonly values: readonly { readonly value: string }[]
}

type MedusaPromotion = {
  readonly code: string
  readonly is_tax_inclusive: boolean
  readonly rules: readonly Rule[]
  readonly application_method: {
    readonly type: 'percentage' | 'fixed'
    readonly target_type: 'items' | 'order' | 'shipping_methods'
    readonly allocation: 'each' | undefined
    readonly value: number
    readonly max_quantity: number | undefined
    readonly target_rules: readonly Rule[]
  }
}

type Action = {
  readonly action: string
  readonly item_id?: string
  readonly shipping_method_id?: string
  readonly amount: unknown
  readonly code: string
  readonly is_tax_inclusive?: boolean
}

/** The functions of the engine that are called, as its packages export them. */
type Engine = {
  readonly decorateCartTotals: (cart: MedusaCart) => PricedMedusaCart
  readonly areRulesValidForContext: (rules: readonly Rule[], context: object, scope: string) => boolean
  readonly getComputedActionsForItems: (
    promotion: MedusaPromotion,
    items: readonly object[],
    applied: Map<string, unknown>,
    allocation: string | undefined,
  ) => readonly Action[]
  readonly getComputedActionsForShippingMethods: (
    promotion: MedusaPromotion,
    methods: readonly object[],
    applied: Map<string, unknown>,
  ) => readonly Action[]
}

/** What a cart comes to, minor units; theirs are rounded once, at the end, for they round nothing by themselves. */
export type Totals = Readonly<Record<'goods' | 'discount' | 'shipping' | 'tax' | 'payable', number>>

/** The engine that prices are held against. */
export type Medusa = {
  /** Prices the same cart as often as it is called. */
  readonly pricing: (input: PriceCartInput) => () => PricedMedusaCart
  readonly totalsOf: (priced: PricedMedusaCart) => Totals
  /** What the lines cost, major units, as exact as they come. */
  readonly linesOf: (priced: PricedMedusaCart) => readonly number[]
}

/** The same of a cart of ours. */
export const totalsOf = ({ totals, shipping }: PricedCart): Totals => ({
  goods: totals.goodsMinor,
  discount: totals.discountMinor + (shipping?.discountMinor ?? 0),
  shipping: totals.shippingMinor,
  tax: totals.taxMinor,
  payable: totals.payableMinor,
})

/**
 * Installs the packages where they are not there yet, and loads what prices carts.
 *
 * @param root - the project's folder
 * @returns null where they cannot be installed
 */
export const openMedusa = (root: string, report: (line: string) => void): Medusa | null => {
  const folder = installContender(root, { described: 'medusa', name: 'medusa' }, report)
  if (folder === null) return null
  const load = createRequire(join(folder, 'package.json'))
  const promotionsAt = join(dirname(load.resolve('@medusajs/promotion')), 'utils')
  const totals: Pick<Engine, 'decorateCartTotals'> = load('@medusajs/framework/utils')
  const rules: Pick<Engine, 'areRulesValidForContext'> = load(join(promotionsAt, 'validations'))
  const actions: Omit<Engine, 'decorateCartTotals' | 'areRulesValidForContext'> = load(
    join(promotionsAt, 'compute-actions'),
  )
  const engine: Engine = { ...totals, ...rules, ...actions }
  return {
    pricing: (input) => {
      const promotions = input.offers
        .map(({ offerId }) => promotionsByCode[offerId])
        .filter((each) => each !== undefined)
      return () => priceCart(engine, input, promotions)
    },
    totalsOf: (priced) => ({
      goods: minorOf(priced.item_total),
      discount: minorOf(priced.discount_total),
      shipping: minorOf(priced.shipping_total),
      tax: minorOf(priced.tax_total),
      payable: minorOf(priced.total),
    }),
    linesOf: (priced) => priced.items.map(({ total }) => total.numeric),
  }
}

const minorOf = ({ numeric }: Amount): number => Math.round(numeric * 100)

/** The promotions of the benchmark as the engine says them; it takes the larger value first. */
const promotionsByCode: Readonly<Record<string, MedusaPromotion>> = {
  ship: {
    code: 'ship',
    is_tax_inclusive: true,
    rules: [{ attribute: 'item_total', operator: 'gte', values: [{ value: '39' }] }],
    application_method: {
      type: 'percentage',
      target_type: 'shipping_methods',
      allocation: 'each',
      value: 100,
      max_quantity: 1,
      target_rules: [],
    },
  },
  member: {
    code: 'member',
    is_tax_inclusive: true,
    rules: [],
    application_method: {
      type: 'percentage',
      target_type: 'items',
      allocation: 'each',
      value: 15,
      max_quantity: 1_000,
      target_rules: [{ attribute: 'items.category', operator: 'in', values: [{ value: 'even' }] }],
    },
  },
  full: {
    code: 'full',
    is_tax_inclusive: true,
    rules: [{ attribute: 'item_total', operator: 'gte', values: [{ value: '30' }] }],
    application_method: {
      type: 'fixed',
      target_type: 'order',
      allocation: undefined,
      value: 12,
      max_quantity: undefined,
      target_rules: [],
    },
  },
}

/**
 * What the engine does when the promotions of a cart are refreshed: its totals, which the promotions are judged by, the
 * promotions one after another, their adjustments, and the totals again. Reading and writing its database is left out.
 */
const priceCart = (engine: Engine, input: PriceCartInput, promotions: readonly MedusaPromotion[]): PricedMedusaCart => {
  const cart = toCart(input)
  if (promotions.length > 0) adjust(engine, cart, promotions)
  return engine.decorateCartTotals(cart)
}

const adjust = (engine: Engine, cart: MedusaCart, promotions: readonly MedusaPromotion[]): void => {
  const context: object = engine.decorateCartTotals(copyOf(cart))
  const { items, shipping_methods: methods } = context as MedusaCart
  const applied = new Map<string, unknown>()
  const actions: Action[] = []
  for (const promotion of promotions) {
    if (!engine.areRulesValidForContext(promotion.rules, context, 'order')) continue
    const target = promotion.application_method.target_type
    if (target === 'shipping_methods') {
      actions.push(...engine.getComputedActionsForShippingMethods(promotion, methods, applied))
    } else {
      const allocation = target === 'order' ? 'across' : undefined
      actions.push(...engine.getComputedActionsForItems(promotion, items, applied, allocation))
    }
  }
  const targets = new Map([...cart.items, ...cart.shipping_methods].map((each) => [each.id, each.adjustments]))
  for (const { item_id, shipping_method_id, code, amount, is_tax_inclusive } of actions) {
    const adjustments = targets.get(item_id ?? shipping_method_id ?? '')
    adjustments?.push({ code, amount, ...(is_tax_inclusive === undefined ? {} : { is_tax_inclusive }) })
  }
}

const copyOf = (cart: MedusaCart): MedusaCart => ({
  ...cart,
  items: cart.items.map((item) => ({ ...item })),
  shipping_methods: cart.shipping_methods.map((method) => ({ ...method })),
})

const toCart = ({ lines, shipping, tax }: PriceCartInput): MedusaCart => {
  const rates = tax?.book.regions[0]?.classes
  const charge = shipping?.book.methods[0]?.zones[0]?.rate
  return {
    currency_code: 'cny',
    items: lines.map((line) => ({
      id: line.lineId,
      category: line.categoryIds[1] ?? '',
      quantity: line.quantity,
      unit_price: (line.listUnitMinor ?? 0) / 100,
      is_tax_inclusive: true,
      is_discountable: true,
      tax_lines: (rates?.[line.taxClass] ?? []).map(({ rateMillionths }) => ({ rate: rateMillionths / 10_000 })),
      adjustments: [],
    })),
    shipping_methods: [
      {
        id: 'standard',
        amount: charge?.kind === 'flat' ? charge.chargeMinor / 100 : 0,
        is_tax_inclusive: true,
        tax_lines: [],
        adjustments: [],
      },
    ],
  }
}
