import type { Story } from '../story.js'
import type { Ware } from './choose-wares.js'
import type { Customer, Guest } from './customer.js'

/** Puts one piece into somebody's cart. */
export const putIntoCart = async (
  { shop, must, by }: Story,
  who: Customer | Guest,
  { productId, sku }: Ware,
): Promise<void> => {
  must('addLine', await shop.cart.addLine(by(who), { productId, sku, quantity: 1 }))
}
