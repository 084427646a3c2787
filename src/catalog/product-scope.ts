import type { Scope } from '../shared/actor.js'
import { valuesAt } from '../shared/json.js'
import type { Condition } from '../shared/read-plan.js'
import type { Product } from './product.js'
import { products } from './product.schema.js'

/**
 * Whether a product is one that whoever looks may see. Products belong to nobody, so storages give them to every scope; a
 * predicate of the host holds for them where they are looked at.
 */
export const isProductIn = (product: Product, scope: Scope): boolean => {
  switch (scope.kind) {
    case 'all':
    case 'own':
    case 'merchant':
      return true
    case 'fields':
      return Object.entries(scope.fields).every(([name, values]) => {
        const [held] = valuesAt(product, products.fields[name]?.path ?? unheardOf)
        return values.some((value) => held === value || (Array.isArray(held) && held.includes(value)))
      })
  }
}

const unheardOf = '?'

/** What can be asked of a storage of it; a list of which one of several must be held is left to `isProductIn`. */
export const scopeConditions = (scope: Scope): readonly Condition[] => {
  switch (scope.kind) {
    case 'all':
    case 'own':
    case 'merchant':
      return []
    case 'fields':
      return Object.entries(scope.fields).flatMap(([field, values]): readonly Condition[] => {
        if (products.fields[field]?.type !== 'textList') return [{ field, is: 'in', values }]
        return values.length === 1 ? [{ field, is: 'containsAll', values }] : []
      })
  }
}
