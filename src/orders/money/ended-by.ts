import type { Actor } from '../../shared/actor.js'
import type { EndedBy } from '../order.js'

/** As whose doing an order tells what this actor does to it. */
export const endedBy = (actor: Actor): EndedBy => {
  switch (actor.kind) {
    case 'guest':
    case 'customer':
      return 'buyer'
    case 'staff':
    case 'merchant':
      return 'staff'
    case 'system':
      return 'clock'
  }
}
