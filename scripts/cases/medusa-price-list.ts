import * as z from 'zod'
import { type ListedPrice, type PriceList, resolveListPrice } from '../../src/pricing/index.js'
import { currencyExponent } from '../../src/shared/currency.js'
import { minorOf } from './amounts.js'
import { createComparison, type Difference, Inexpressible, readCase } from './verdict.js'

const text = z.string()
const rules = z.record(text, z.unknown())
const quantity = z.optional(z.nullable(z.string().regex(/^\d+$/)))

const rowShape = z.strictObject({
  id: z.optional(text),
  set: z.optional(text),
  currency: text,
  amount: text,
  minQty: quantity,
  maxQty: quantity,
  rules,
})

const seedShape = z.record(text, z.array(rowShape))

const caseShape = z.strictObject({
  id: text,
  group: text,
  source: z.optional(text),
  title: z.optional(text),
  provenance: z.optional(text),
  note: z.optional(text),
  medusa_2_21_2: z.optional(z.unknown()),
  seed: z.nullable(text),
  sets: z.array(text),
  query: z.strictObject({
    currency_code: text,
    region_id: z.optional(text),
    customer_group_id: z.optional(text),
    company_id: z.optional(text),
    quantity: z.optional(z.union([z.int(), text])),
  }),
  priceSets: z.array(z.strictObject({ id: text, prices: z.array(rowShape) })),
  priceLists: z.array(
    z.strictObject({
      id: z.optional(text),
      title: z.optional(text),
      type: z.enum(['sale', 'override']),
      status: z.enum(['active', 'draft']),
      starts: z.nullable(z.enum(['past', 'future'])),
      ends: z.nullable(z.enum(['past', 'future'])),
      rules,
      prices: z.array(rowShape),
    }),
  ),
  expected: z.array(z.looseObject({ set: z.optional(text) })),
})

const now = Date.UTC(2026, 10, 11)
const moments = { past: now - 1, future: now + 1 } as const

/** Runs a question for the price of a set of prices, with its price lists. */
export const runMedusaPriceList = (raw: unknown, fixtures: unknown): readonly Difference[] => {
  const given = readCase(caseShape, raw)
  const { query, expected } = given
  const currency = query.currency_code.toUpperCase()
  const decimals = currencyExponent(currency).unwrapOr(2)
  const seeds = z.looseObject({ pricingSeeds: seedShape }).parse(fixtures).pricingSeeds
  const rows = [
    ...(given.seed === null ? [] : (seeds[given.seed] ?? [])),
    ...given.priceSets.flatMap(({ id, prices }) => prices.map((price) => ({ ...price, set: id }))),
  ]
  const both = (names: object): boolean => 'company_id' in names && 'customer_group_id' in names
  if (both(query) && rows.some((row) => both(row.rules) && row.currency === query.currency_code)) {
    throw new Inexpressible('a price for customers who are in one group and in another as well')
  }
  const ours = (row: z.infer<typeof rowShape>): boolean => row.currency.toUpperCase() === currency
  const lists: readonly PriceList[] = [
    ...rows.filter(ours).map(
      (row, place): PriceList => ({
        listId: row.id ?? `row ${place}`,
        kind: 'base',
        currency,
        prices: [priceOf(row, decimals)],
      }),
    ),
    ...given.priceLists
      .filter(({ status }) => status === 'active')
      .map(
        (list, place): PriceList => ({
          listId: list.id ?? `list ${place}`,
          kind: list.type,
          currency,
          ...termsOf(list.rules),
          ...(list.starts === null ? {} : { from: moments[list.starts] }),
          ...(list.ends === null ? {} : { to: moments[list.ends] }),
          prices: list.prices.filter(ours).map((row) => priceOf(row, decimals)),
        }),
      ),
  ]
  const groups = [
    ...(query.company_id === undefined ? [] : [`company ${query.company_id}`]),
    ...(query.customer_group_id === undefined ? [] : [`group ${query.customer_group_id}`]),
  ]
  const context = { now, currency, levelId: null, groups, channel: null, region: query.region_id ?? null }
  const { expect, differences } = createComparison()
  for (const stated of expected) {
    if (stated.calculatedTaxInclusive === true || stated.originalTaxInclusive === true) {
      throw new Inexpressible('a preference for prices with tax; ours is the tax book’s')
    }
    const sku = stated.set ?? given.sets[0] ?? ''
    const item = { sku, quantity: Number(query.quantity ?? 1), catalogUnitMinor: null }
    const found = resolveListPrice(lists, context, item)
    if (found === undefined) {
      expect(`${sku}.calculated`, stated.calculated, null)
      continue
    }
    const figure = (value: unknown): number | undefined =>
      typeof value === 'string' ? minorOf(value, decimals) : undefined
    expect(`${sku}.calculated`, figure(stated.calculated), found.unitMinor)
    expect(`${sku}.original`, figure(stated.original), found.originalUnitMinor)
    const { fromPriceList, listType } = stated
    expect(`${sku}.fromPriceList`, fromPriceList ?? undefined, found.kind === 'sale' || found.kind === 'override')
    if (fromPriceList === true) expect(`${sku}.listType`, listType ?? undefined, found.kind)
  }
  return differences
}

const termsOf = (given: Readonly<Record<string, unknown>>): Pick<PriceList, 'groups' | 'regions'> => {
  const valuesOf = (name: string): readonly string[] | undefined => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined) return undefined
    const parsed = z.union([text.transform((one) => [one]), z.array(text)]).safeParse(value)
    if (!parsed.success) throw new Inexpressible(`a price by ${name} in bounds`)
    return parsed.data
  }
  const other = Object.keys(given).find((name) => !['region_id', 'company_id', 'customer_group_id'].includes(name))
  if (other !== undefined) throw new Inexpressible(`a price by ${other}`)
  const regions = valuesOf('region_id')
  const companies = valuesOf('company_id')?.map((id) => `company ${id}`)
  const customers = valuesOf('customer_group_id')?.map((id) => `group ${id}`)
  // A customer who must be in one group and in another as well is not one of ours.
  const groups = companies !== undefined && customers !== undefined ? ['both'] : (companies ?? customers)
  return { ...(groups === undefined ? {} : { groups }), ...(regions === undefined ? {} : { regions }) }
}

const priceOf = (row: z.infer<typeof rowShape>, decimals: number): ListedPrice => ({
  sku: row.set ?? '',
  unitMinor: minorOf(row.amount, decimals),
  ...termsOf(row.rules),
  ...(row.minQty == null ? {} : { fromQuantity: Number(row.minQty) }),
  ...(row.maxQty == null ? {} : { toQuantity: Number(row.maxQty) }),
})
