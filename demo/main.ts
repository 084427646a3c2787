import { type DemoArguments, help, readArguments } from './arguments.js'
import { openCatalog } from './catalogs.js'
import { printLedgers } from './ledgers.js'
import { openShop } from './open-shop.js'
import { openStorage } from './open-storage.js'
import { openStory } from './story.js'
import { bold, green, print, red } from './terminal.js'
import { chooseWares } from './the-day/choose-wares.js'
import { fillCart } from './the-day/fill-cart.js'
import { importCatalog } from './the-day/import-catalog.js'
import { join } from './the-day/join.js'
import { placeAndPay } from './the-day/place-and-pay.js'
import { publishBooks } from './the-day/publish-books.js'
import { returnOne } from './the-day/return-one.js'
import { shipAndComplete } from './the-day/ship-and-complete.js'
import { tellTimeline } from './the-day/timeline.js'

/** Plays the day; whether every ledger balances at its end. */
const playDay = async (asked: DemoArguments): Promise<boolean> => {
  const file = await openCatalog(asked.catalog)
  const opened = await openStorage(asked.storage)
  try {
    const story = openStory(openShop(opened.storage, opened.shop, asked.seed), asked.locale, file.currency)
    print(bold(story.say('A day of a shop', '商店的一天')))
    await importCatalog(story, file)
    const wares = await chooseWares(story)
    await publishBooks(story, wares)
    const guest = await fillCart(story, wares)
    const buyer = await join(story, guest)
    const orderId = await placeAndPay(story, buyer, wares)
    await shipAndComplete(story, buyer, orderId)
    await returnOne(story, buyer, orderId)
    tellTimeline(story)
    const balances = await printLedgers(
      story,
      buyer,
      [...wares.bought, wares.gift].map(({ sku }) => sku),
    )
    const last = balances
      ? story.say('The day is over and every ledger balances.', '一天结束，所有账本平衡。')
      : story.say('The day is over, and a ledger does not balance.', '一天结束，有账本不平衡。')
    print(balances ? green(last) : red(last))
    return balances
  } finally {
    await opened.close()
  }
}

const asked = readArguments(process.argv.slice(2))
switch (asked.kind) {
  case 'help':
    print(help)
    break
  case 'refused':
    process.stderr.write(`${asked.sentence}\n\n${help}\n`)
    process.exitCode = 1
    break
  case 'run':
    try {
      if (!(await playDay(asked.arguments))) process.exitCode = 1
    } catch (error) {
      process.stderr.write(`\n${red(error instanceof Error ? error.message : String(error))}\n`)
      process.exitCode = 1
    }
}
