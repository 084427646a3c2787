import type { AccessPolicy } from '../shared/actor.js'

/** Who may do what with stock. */
export const inventoryAccess = {
  'inventory.decideQuarantine': { staff: 'all', system: 'all' },
  'inventory.levels': { staff: 'all', system: 'all' },
  'inventory.movements': { staff: 'all', system: 'all' },
  'inventory.receive': { staff: 'all', system: 'all' },
  'inventory.stockOf': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
} satisfies AccessPolicy
