import type { AccessPolicy } from '../shared/actor.js'

const buyers = { guest: 'own', customer: 'own' } as const

/** Who may do what with carts; every action is on the actor's own. */
export const cartAccess = {
  'cart.addLine': buyers,
  'cart.setQuantity': buyers,
  'cart.removeLine': buyers,
  'cart.selectLines': buyers,
  'cart.saveForLater': buyers,
  'cart.takeBackLine': buyers,
  'cart.clearCart': buyers,
  'cart.dropInvalidLines': buyers,
  'cart.viewCart': buyers,
  'cart.attachCoupon': { customer: 'own' },
  'cart.detachCoupon': buyers,
  'cart.priceMyCart': buyers,
  // Reads the guest's cart beside the own one: by the unguessable guest id, and only if it is a guest's.
  'cart.mergeGuestCart': { customer: 'all' },
} as const satisfies AccessPolicy
