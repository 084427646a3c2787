import type { AccessPolicy } from '../../shared/actor.js'

/** Who may do what with a history: its own customer, and nobody else. */
export const historyAccess = {
  'history.record': { customer: 'own' },
  'history.merge': { customer: 'own' },
  'history.mine': { customer: 'own' },
  'history.pause': { customer: 'own' },
  'history.clear': { customer: 'own' },
} as const satisfies AccessPolicy
