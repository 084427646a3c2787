import { type Actor, textIn } from 'shopwright'
import type { Story } from '../story.js'
import { cutTo, print, right, tableLines } from '../terminal.js'
import type { Wares } from './choose-wares.js'

/** A guest searches and fills a cart. */
export const fillCart = async (story: Story, { bought, query }: Wares): Promise<Extract<Actor, { kind: 'guest' }>> => {
  const { shop, must, by, tell, money, locale } = story
  story.chapter('A guest looks around', '访客逛店')
  const guest: Actor = { kind: 'guest', guestId: shop.ports.ids.next('guest') }
  const found = must('searchProducts', await shop.catalog.searchProducts(by(guest), { text: query, limit: 5 }))
  tell(`Searches “${query}”: ${found.total} products.`, `搜索“${query}”：${found.total} 个商品。`)
  print(
    ...tableLines(
      found.hits.map(({ title, brand, price }) => [
        cutTo(textIn(title, locale), 60),
        cutTo(brand, 16),
        right(price === null ? '' : money(price.minor)),
      ]),
      15,
    ),
  )
  for (const [place, { productId, sku, title }] of bought.entries()) {
    const quantity = place === 1 ? 2 : 1
    must('addLine', await shop.cart.addLine(by(guest), { productId, sku, quantity }))
    const name = cutTo(textIn(title, locale), 60)
    tell(`Puts ${quantity} × ${name} into the cart.`, `加入购物车：${name} × ${quantity}。`)
  }
  return guest
}
