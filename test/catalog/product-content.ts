import type { ProductContent } from '../../src/catalog/product.js'

export const staff = { actor: { kind: 'staff', staffId: 's1', roles: [] } } as const

let keys = 0

/** A command of the shop's staff, under a key of its own. */
export const byStaff = () => {
  keys += 1
  return { ...staff, key: `k${keys}` }
}

/** A command of a customer, under a key of its own. */
export const byCustomer = (accountId: string) => {
  keys += 1
  return { actor: { kind: 'customer', accountId }, key: `k${keys}` } as const
}

/** A command of a guest, under a key of its own. */
export const byGuest = (guestId: string) => {
  keys += 1
  return { actor: { kind: 'guest', guestId }, key: `k${keys}` } as const
}

/** A product that lacks nothing, apart from what is said otherwise. */
export const content = (changed: Partial<ProductContent> = {}): ProductContent => ({
  title: { en: 'Kettle', 'zh-CN': '电水壶' },
  description: { en: '', 'zh-CN': '' },
  brand: 'Orrin',
  homeCategoryIds: ['cat_home'],
  variants: [
    {
      sku: 'KET-1',
      options: {},
      listPrice: { minor: 12_900, currency: 'CNY' },
      weightGrams: 900,
      taxClass: 'standard',
      discountable: true,
    },
  ],
  attributes: {},
  media: [],
  perPersonLimit: null,
  ...changed,
})

/** A category at the door. */
export const category = (
  categoryId: string,
  parentId: string | null = null,
  requiredAttributes: readonly string[] = [],
) =>
  ({
    categoryId,
    parentId,
    name: { en: categoryId, 'zh-CN': '' },
    slug: categoryId,
    position: 0,
    requiredAttributes,
  }) as const
