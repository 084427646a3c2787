import type { AccessPolicy } from '../shared/actor.js'

/** Who may do what with membership. */
export const membershipAccess = {
  'membership.pointsPage': { customer: 'own' },
  'membership.grantPoints': { staff: 'all', system: 'all' },
  'membership.publish': { staff: 'all' },
  'membership.showTerms': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'membership.join': { customer: 'own' },
  'membership.leave': { customer: 'own' },
  'membership.tellBirthday': { customer: 'own' },
  'membership.checkIn': { customer: 'own' },
  'membership.recordActivity': { staff: 'all', system: 'all' },
  'membership.claimBenefit': { customer: 'own' },
  'membership.results': { staff: 'all' },
  'membership.redeemReward': { customer: 'own' },
} satisfies AccessPolicy
