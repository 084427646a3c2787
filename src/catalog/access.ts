import type { AccessPolicy } from '../shared/actor.js'

/** Who may do what in the catalog. */
export const catalogAccess = {
  'catalog.saveProduct': { staff: 'all', merchant: 'own', system: 'all' },
  'catalog.publishProduct': { staff: 'all', merchant: 'own', system: 'all' },
  'catalog.archiveProduct': { staff: 'all', merchant: 'own', system: 'all' },
  'catalog.product': { staff: 'all', merchant: 'own', system: 'all' },
  'catalog.goods': { staff: 'all', merchant: 'own', system: 'all' },
  'catalog.saveCategory': { staff: 'all', system: 'all' },
  'catalog.importProducts': { staff: 'all', merchant: 'own', system: 'all' },
  'catalog.listCategories': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'catalog.listProducts': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'catalog.publishSections': { staff: 'all', system: 'all' },
  'catalog.listSections': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'catalog.section': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'catalog.suggest': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
  'catalog.searchProducts': { guest: 'own', customer: 'own', merchant: 'own', staff: 'all', system: 'all' },
} as const satisfies AccessPolicy
