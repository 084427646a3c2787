import type { AccessPolicy } from '../../shared/actor.js'

const buyers = { guest: 'own', customer: 'own' } as const

/** Who may do what with reviews. Those that are published are everybody's to read, whoever wrote them. */
export const reviewsAccess = {
  'reviews.write': buyers,
  'reviews.edit': buyers,
  'reviews.withdraw': buyers,
  'reviews.ofProduct': { guest: 'all', customer: 'all', merchant: 'all', staff: 'all', system: 'all' },
  'reviews.vote': { customer: 'all' },
  'reviews.list': { ...buyers, merchant: 'own', staff: 'all', system: 'all' },
  'reviews.reply': { merchant: 'own', staff: 'all' },
  'reviews.hide': { staff: 'all' },
  'reviews.show': { staff: 'all' },
} as const satisfies AccessPolicy
