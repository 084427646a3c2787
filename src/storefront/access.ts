import type { AccessPolicy } from '../shared/actor.js'

const everybody = { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' } as const

/** Who may see which page. */
export const storefrontAccess = {
  'storefront.productPage': everybody,
  'storefront.cardPrices': everybody,
  'storefront.compare': everybody,
  'storefront.boughtTogether': everybody,
  'storefront.viewedAlso': everybody,
  'storefront.similar': everybody,
  'storefront.forYou': { customer: 'own' },
  'storefront.listCards': everybody,
  'storefront.searchCards': everybody,
  'storefront.sectionCards': everybody,
  'storefront.orderWithReturns': everybody,
  'storefront.memberCentre': { customer: 'own' },
} satisfies AccessPolicy
