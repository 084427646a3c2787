import { type Locale, type SearchedProducts, type SearchHit, textIn } from 'shopwright'
import { cutTo, plain, right } from '../columns.js'
import { hoursMs } from '../durations.js'
import type { Story } from '../story.js'
import type { Ware, Wares } from './choose-wares.js'
import type { Guest } from './customer.js'
import { putIntoCart } from './put-into-cart.js'

/** Hours later, on another device and not signed in, the customer searches and fills a cart as a guest. */
export const lookAround = async (story: Story, { twice, once }: Wares): Promise<Guest> => {
  const { shop, tell, nameOf, say } = story
  story.chapter('Later, at a desk, as a guest', '稍后在电脑上，以访客身份逛店')
  story.pass(6 * hoursMs)
  const guest: Guest = { kind: 'guest', guestId: shop.ports.ids.next('guest') }
  const looked = once[0] ?? twice
  const { word, total, dropped, hits } = await search(story, guest, looked)
  const most = total === 500 ? say('more than ', '超过 ') : ''
  tell(`Searches “${word}”: ${most}${total} found.`, `搜索“${word}”：找到${most === '' ? ' ' : most}${total} 个商品。`)
  if (dropped.length > 0) story.note(`without ${dropped.join(', ')}`, `已忽略：${dropped.join('、')}`)
  story.table(
    hits.map(({ title, brand, price }) => [
      nameOf(title),
      cutTo(brand, 14),
      right(price === null ? '' : story.money(price.minor)),
    ]),
  )
  for (const ware of twice.limit === 1 ? once : [...once, twice]) {
    await putIntoCart(story, guest, ware)
    const name = nameOf(ware.title)
    tell(`Puts 1 × ${name} into the cart.`, `加入购物车：${name} × 1。`)
  }
  return guest
}

type Search = Pick<SearchedProducts, 'total' | 'dropped'> & {
  readonly word: string
  readonly hits: readonly SearchHit[]
}

const mostShown = 5

/** Searches until a word finds the thing among few enough others, and shows it among them. */
const search = async ({ shop, must, by, locale, currency }: Story, guest: Guest, ware: Ware): Promise<Search> => {
  const searches: Search[] = []
  for (const word of wordsFor(ware, locale)) {
    const asked = { text: word, inStockOnly: true, limit: 100 }
    const { total, dropped, hits } = must('searchProducts', await shop.catalog.searchProducts(by(guest), asked))
    const payable = hits.filter(({ price }) => price?.currency === currency)
    const meant = payable.filter(({ productId }) => productId === ware.productId)
    const others = payable.filter(({ productId }) => productId !== ware.productId).slice(0, mostShown - meant.length)
    const found = { word, total, dropped, hits: payable.filter((hit) => others.includes(hit) || meant.includes(hit)) }
    if (meant.length > 0 && total <= 60) return found
    searches.push(found)
  }
  const [first = { word: ware.sku, total: 0, dropped: [], hits: [] }] = searches
  return searches.find(({ total }) => total > 0) ?? first
}

/** What the thing was looked for by, then words of its title. */
const wordsFor = ({ lookedFor, title }: Ware, locale: Locale): readonly string[] => [
  ...(lookedFor === null ? [] : [lookedFor[locale]]),
  ...wordsOf(plain(textIn(title, locale))),
]

/** Words of a title: what a Chinese run ends with, which names the thing, and the longest ones of the other scripts. */
const wordsOf = (title: string): readonly string[] => {
  const byLength = (a: string, b: string): number => b.length - a.length
  const runs = title.match(/\p{Script=Han}{2,}/gu) ?? []
  const words = title.match(/(?:(?!\p{Script=Han})\p{L}){4,}/gu) ?? []
  const ends = [...runs].sort(byLength).map((run) => [...run].slice(-2).join(''))
  return [...new Set([...ends, ...[...words].sort(byLength), title.slice(0, 100)])].slice(0, 6)
}
