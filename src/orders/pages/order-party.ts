import type { Actor } from '../../shared/actor.js'
import type { OrderParty } from './next-actions.js'

/** On whose side of an order somebody stands. */
export const partyOf = ({ kind }: Actor): OrderParty => {
  switch (kind) {
    case 'customer':
    case 'guest':
      return 'buyer'
    case 'merchant':
      return 'merchant'
    case 'staff':
    case 'system':
      return 'staff'
  }
}

/** Whether somebody sells what was ordered, and does not buy it. */
export const isOfShop = (actor: Actor): boolean => partyOf(actor) !== 'buyer'
