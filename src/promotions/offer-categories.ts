import type { Category } from '../catalog/category.js'
import { categories } from '../catalog/category.schema.js'
import type { Message } from '../shared/messages.js'
import { type Asked, type IdsFrom, rows, type Stored } from '../shared/read-plan.js'
import type { Offer, OfferBook } from './offer.js'

// Where an offer names categories: its goods, those left out, and those its threshold counts.
const places = ['scope', 'scope.not', 'threshold.scope'] as const

/** The categories that the offers of a book name, in as many questions as there are places that name them. */
export type OfferCategories = { readonly [name: `categories:${string}`]: readonly Stored<Category>[] }

/** Asks for the categories that offers name, so that their rules can be said in words. */
export const askOfferCategories = (
  offers: Asked<Stored<OfferBook> | undefined>,
  name: string,
): { readonly [name: `categories:${string}`]: Asked<readonly Stored<Category>[]> } =>
  Object.fromEntries(places.map((place) => [`categories:${place}`, rows(categories, idsIn(offers, name, place))]))

// A book from the shelf is no query of the plan, so its categories are named at once; else the plan follows the book.
const idsIn = (
  offers: Asked<Stored<OfferBook> | undefined>,
  from: string,
  place: (typeof places)[number],
): readonly string[] | IdsFrom =>
  offers.query === null
    ? offers.answer([]).match(
        (kept) => [...new Set(kept?.state.offers.flatMap((offer) => categoryIdsIn(offer, place)) ?? [])],
        () => [],
      )
    : { from, path: `offers.*.${place}.categoryIds.*` }

const categoryIdsIn = ({ scope, threshold }: Offer, place: (typeof places)[number]): readonly string[] => {
  switch (place) {
    case 'scope':
      return scope?.categoryIds ?? []
    case 'scope.not':
      return scope?.not?.categoryIds ?? []
    case 'threshold.scope':
      return threshold?.scope?.categoryIds ?? []
  }
}

/** What the categories are called. */
export const categoryNames = (found: OfferCategories): Readonly<Record<string, Message>> =>
  Object.fromEntries(
    places.flatMap((place) => (found[`categories:${place}`] ?? []).map(({ id, state }) => [id, state.name] as const)),
  )
