import type { AccessPolicy } from '../shared/actor.js'

/** Who may do what with membership. */
export const membershipAccess = {
  'membership.pointsPage': { customer: 'own' },
  'membership.grantPoints': { staff: 'all', system: 'all' },
} satisfies AccessPolicy
