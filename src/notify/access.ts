import type { AccessPolicy } from '../shared/actor.js'

/** Who may do what with messages. */
export const notifyAccess = {
  'notify.myMessages': { customer: 'own' },
} satisfies AccessPolicy
