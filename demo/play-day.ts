import type { DemoArguments } from './arguments.js'
import { openShop } from './open-shop.js'
import type { OpenedStorage } from './open-storage.js'
import type { CatalogFile } from './read-catalog/open-catalog.js'
import { inCurrency, openTelling } from './story.js'
import type { Terminal } from './terminal.js'
import { printCouponLedger } from './the-books/coupon-ledger.js'
import { printMoneyLedger } from './the-books/money-ledger.js'
import { printOutbox } from './the-books/outbox-ledger.js'
import { printPointsLedger } from './the-books/points-ledger.js'
import { printStockLedger } from './the-books/stock-ledger.js'
import { chooseWares } from './the-day/choose-wares.js'
import { explainPrice } from './the-day/explain-price.js'
import { importCatalog } from './the-day/import-catalog.js'
import { lookAround } from './the-day/look-around.js'
import { mergeCarts } from './the-day/merge-carts.js'
import { placeAndPay } from './the-day/pay.js'
import { publishBooks } from './the-day/publish-books.js'
import { publishOffers } from './the-day/publish-offers.js'
import { register } from './the-day/register.js'
import { returnOne } from './the-day/return-one.js'
import { ship } from './the-day/ship.js'
import { tellTimeline } from './the-day/tell-timeline.js'

/** What a day is played with. */
export type DayOptions = Pick<DemoArguments, 'seed' | 'locale'> & {
  readonly files: readonly CatalogFile[]
  readonly opened: OpenedStorage
  readonly terminal: Terminal
}

/**
 * Plays the day and prints it.
 *
 * @returns whether every ledger balances at its end
 * @throws Refusal where a step comes to what it must not come to
 */
export const playDay = async ({ files, opened, terminal, seed, locale }: DayOptions): Promise<boolean> => {
  const telling = openTelling(openShop(opened, seed), { terminal, seed, locale })
  terminal.print(terminal.bold(telling.say('A day of a shop', '一家商店的一天')))
  terminal.print(terminal.dim(opened.description[locale]))
  await importCatalog(telling, files)
  const wares = await chooseWares(telling)
  const story = inCurrency(telling, wares.currency)
  const titles = await publishOffers(story, wares)
  await publishBooks(story, wares)
  await register(story, wares)
  const guest = await lookAround(story, wares)
  const customer = await mergeCarts(story, guest, titles)
  const checkout = await explainPrice(story, customer, wares, titles)
  const orderId = await placeAndPay(story, customer, checkout)
  await ship(story, customer, orderId)
  await returnOne(story, customer, orderId, titles)
  tellTimeline(story)
  const balances = [
    await printMoneyLedger(story),
    await printPointsLedger(story, customer),
    await printStockLedger(story, wares.all),
    await printCouponLedger(story, { orderId, couponUsed: checkout.couponUsed }, titles),
    await printOutbox(story),
  ].every(Boolean)
  terminal.print(
    '',
    balances
      ? terminal.green(story.say('The day is over. Every ledger balances: yes', '一天结束。全部账本平衡：是'))
      : terminal.red(story.say('The day is over. Every ledger balances: no', '一天结束。全部账本平衡：否')),
  )
  return balances
}
