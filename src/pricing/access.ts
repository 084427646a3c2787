import type { AccessPolicy } from '../shared/actor.js'

/** Who may do what with the books that prices are made from. */
export const pricingAccess = {
  'pricing.showIn': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'pricing.shippingMethods': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'pricing.priceLists': { staff: 'all' },
  'pricing.shippingBook': { staff: 'all' },
  'pricing.taxBook': { staff: 'all' },
  'pricing.publishPriceLists': { staff: 'all' },
  'pricing.publishShippingBook': { staff: 'all' },
  'pricing.publishTaxBook': { staff: 'all' },
} satisfies AccessPolicy
