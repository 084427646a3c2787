import { formatMoney, type Locale, type ProductCard, renderPrice, textIn, whatNext } from 'shopwright'
import { offersOf, shippingOf, taxes } from './books.js'
import { openCatalog } from './catalogs.js'
import { printLedgers } from './ledgers.js'
import { must } from './must.js'
import type { Stage } from './open-shop.js'
import { bold, columnsOf, cutTo, cyan, dim, endProgress, print, printProgress, right, tableLines } from './terminal.js'
import type { Say } from './words.js'

const dayMs = 86_400_000
const region = 'CN-31'
const email = 'lin@example.com'
const password = 'Osmanthus-Rain-2026!'

/**
 * Tells one day of a shop, each step through its public API.
 *
 * @returns whether every ledger balances at its end
 */
export const tellDay = async (stage: Stage, catalog: string, locale: Locale, say: Say): Promise<boolean> => {
  const { shop, key } = stage
  const staff = () => ({ actor: { kind: 'staff', staffId: 'sue', roles: [] }, key: key() }) as const
  const guest = () => ({ actor: { kind: 'guest', guestId: 'visitor-1' }, key: key() }) as const

  act(say('catalog'))
  const currency = await importCatalog(stage, catalog, say)
  const offers = offersOf(currency, stage.now())
  must('offers', await shop.promotions.publishOffers(staff(), { expectedRevision: 0, offers }))
  must('shipping', await shop.pricing.publishShippingBook(staff(), shippingOf(currency)))
  must('taxes', await shop.pricing.publishTaxBook(staff(), taxes))
  const amount = (minor: number): string => must('format', formatMoney({ minor, currency }, { locale }))

  act(say('guest'))
  const chosen = await chooseProducts(stage, locale, say, amount)
  for (const { productId, skus } of chosen) {
    const sku = skus[0] ?? ''
    must(
      'add',
      await shop.cart.addLine(guest(), { productId, sku, quantity: chosen[0]?.productId === productId ? 2 : 1 }),
    )
  }

  act(say('customer'))
  const registered = must('register', await shop.accounts.register(guest(), { email, password, name: '林一', locale }))
  must('messages', await shop.upkeep.sendMessages({ limit: 10 }))
  const letter = stage.mailbox.at(-1)
  print(`  ${say('registered', { to: letter?.to ?? '' })}`)
  const code = /\b\d{6}\b/.exec(letter?.text ?? '')?.[0] ?? ''
  must('activate', await shop.accounts.activate(guest(), { challengeId: registered.challengeId, code }))
  print(`  ${say('activated')}`)
  const { token } = must('sign in', await shop.accounts.signIn(guest(), { email, password }))
  const { actor } = must('session', await shop.accounts.actorOf(token))
  const customer = () => ({ actor, key: key() })
  must('merge', await shop.cart.mergeGuestCart(customer(), { guestId: 'visitor-1' }))
  const cart = must('cart', await shop.cart.viewCart(customer(), {}))
  print(`  ${say('signedIn', { lines: cart.lines.length })}`)
  const coupon = must('coupon', await shop.promotions.claimCoupon(customer(), { by: 'click', offerId: 'spring-20' }))
  must('attach', await shop.cart.attachCoupon(customer(), { couponId: coupon.couponId }))
  print(`  ${say('coupon')}`)

  act(say('price'))
  const choice = { shippingMethodId: 'express', paymentMethod: 'wechatPay' }
  const preview = must('preview', await shop.orders.preview(customer(), { ...choice, region }))
  const names = {
    lines: Object.fromEntries(
      cart.lines.flatMap((line) => {
        const product = chosen.find(({ productId }) => productId === line.productId)
        return product === undefined ? [] : [[line.lineId, product.title]]
      }),
    ),
    offers: Object.fromEntries(offers.map(({ offerId, title }) => [offerId, title])),
  }
  print(
    ...tableLines(renderPrice(preview.price, locale, names).map((row) => [cutTo(row.label, 60), right(row.amount)])),
  )

  act(say('order'))
  const recipient = { name: '林一', phone: '13800000000', region, city: '上海', address: '世纪大道 1 号' }
  const expectedTotalMinor = preview.totals.payableMinor
  const order = must('place', await shop.orders.place(customer(), { ...choice, recipient, expectedTotalMinor }))
  const { orderId } = order
  print(`  ${say('placed', { number: order.orderNumber, total: amount(order.payableMinor) })}`)
  const pay = { orderId, gatewayId: 'sandbox', method: 'wechatPay' }
  stage.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
  const first = must('first attempt', await shop.orders.pay(customer(), pay))
  const reason = first.failure === null ? '' : whatNext(first.failure, locale)
  print(`  ${say('declined', { status: first.paymentStatus, reason })}`)
  stage.pass(60_000)
  const second = must('second attempt', await shop.orders.pay(customer(), pay))
  print(`  ${say('paid', { status: second.paymentStatus, order: second.orderStatus })}`)
  stage.pass(1_000)
  stage.gateway.repeat(second.paymentId, { times: 2 })
  for (const told of await stage.gateway.takeNotifications()) {
    must('notification', await shop.orders.receiveNotification({ gatewayId: 'sandbox', ...told }))
  }
  print(`  ${say('repeated')}`)
  await letItRun(stage)

  act(say('parcel'))
  stage.pass(dayMs)
  const parcel = { orderId, carrier: 'SF Express', trackingNumber: 'SF2026031100017' }
  const shipped = must('ship', await shop.orders.ship(staff(), parcel))
  print(`  ${say('shipped', { carrier: parcel.carrier, tracking: parcel.trackingNumber })}`)
  stage.pass(2 * dayMs)
  must('deliver', await shop.orders.recordDelivery(staff(), { parcelId: shipped.parcelId }))
  print(`  ${say('signed')}`)
  await letItRun(stage)

  act(say('back'))
  stage.pass(dayMs)
  const page = must('order page', await shop.orders.page(customer(), { orderId }))
  const returned = page.lines.find((line) => !line.gift) ?? page.lines[0]
  const lineId = returned?.lineId ?? ''
  const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: [{ lineId, quantity: 1 }] }
  const request = must('return', await shop.aftersales.requestReturn(customer(), asked))
  print(`  ${say('requested', { cash: amount(request.cashMinor), points: request.points })}`)
  if (request.status === 'requested') {
    must('approve', await shop.aftersales.approveReturn(staff(), { returnId: request.returnId }))
  }
  stage.pass(2 * dayMs)
  const inspected = [{ lineId, receivedQuantity: 1, acceptedQuantity: 1, restockQuantity: 1 }]
  must('receive', await shop.aftersales.receiveReturn(staff(), { returnId: request.returnId, lines: inspected }))
  must('refund', await shop.aftersales.refundReturn(staff(), { returnId: request.returnId }))
  await letItRun(stage)
  stage.pass(10 * dayMs)
  must('advance', await shop.upkeep.advanceOrders({ limit: 100 }))
  await letItRun(stage)
  const after = must('order page', await shop.orders.page(customer(), { orderId }))
  const sent = after.refunds.reduce((sum, refund) => sum + refund.cashMinor, 0)
  print(`  ${say('refunded', { cash: amount(sent), order: after.state })}`)
  const points = must('points', await shop.membership.pointsPage(customer(), {}))
  print(`  ${say('completed', { order: after.state, points: points.available })}`)

  act(say('timeline'))
  const when = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Shanghai' })
  print(...tableLines(stage.mailbox.map(({ subject, text }) => [subject, dim(cutTo(text.replace(/\s+/g, ' '), 90))])))
  print(dim(`  ${when.format(stage.now())}`))

  act(say('ledgers'))
  return printLedgers(stage, actor.accountId, [...new Set(after.lines.map(({ sku }) => sku))], locale, say)
}

const act = (title: string): void => print('', bold(cyan(title)), cyan('─'.repeat(columnsOf(title))))

// What a shop's machines do all day: events to reactions, messages to people, questions to gateways.
const letItRun = async (stage: Stage): Promise<void> => {
  const { upkeep } = stage.shop
  must('refunds', await upkeep.settleRefunds({ limit: 100 }))
  must('payments', await upkeep.settlePayments({ limit: 100 }))
  for (let turn = 0; turn < 20; turn += 1) {
    const report = must('relay', await upkeep.relay({ worker: 'demo', limit: 500 }))
    if (report.postponed.length > 0) throw new Error(JSON.stringify(report.postponed))
    if (report.delivered === 0) break
  }
  must('messages', await upkeep.sendMessages({ limit: 100 }))
}

const importCatalog = async (stage: Stage, catalog: string, say: Say): Promise<string> => {
  const { shop } = stage
  const file = await openCatalog(catalog)
  for (const what of file.madeUp) print(`  ${dim(say('madeUp', { what }))}`)
  const refused: string[] = []
  const report = must(
    'import',
    await shop.catalog.importProducts(
      { actor: { kind: 'staff', staffId: 'sue', roles: [] } },
      {
        importId: 'day',
        format: file.format,
        source: file.source,
        merchantId: 'self',
        currency: file.currency,
        onProgress: ({ lineDone }) => printProgress(`  ${lineDone}`),
        onError: ({ line, issues }) => refused.push(say('refusedRow', { line, why: issues[0]?.message ?? '' })),
        receiveStock: (stock) =>
          shop.inventory.receiveRows({
            reference: 'opening',
            rows: stock.map(({ sku, quantity }) => ({ sku, quantity })),
          }),
      },
    ),
  )
  endProgress()
  print(`  ${say('imported', { created: report.counts.created, failed: report.counts.failed })}`)
  print(...refused.slice(0, 5).map((line) => `  ${dim(line)}`))
  return file.currency
}

const chooseProducts = async (
  stage: Stage,
  locale: Locale,
  say: Say,
  amount: (minor: number) => string,
): Promise<readonly ProductCard[]> => {
  const actor = { kind: 'guest', guestId: 'visitor-1' } as const
  const listed = must('browse', await stage.shop.catalog.listProducts({ actor }, { inStockOnly: true, limit: 40 }))
  const words = ['headphones', 'kettle', '耳机', 'shirt']
  const found: ProductCard[] = []
  for (const text of words) {
    const { hits, total } = must(
      'search',
      await stage.shop.catalog.searchProducts({ actor }, { text, inStockOnly: true, limit: 3 }),
    )
    print(`  ${say('searched', { text, total })}`)
    print(
      ...tableLines(
        hits.map((hit) => [cutTo(textIn(hit.title, locale), 60), right(amount(hit.price?.minor ?? 0))]),
        4,
      ),
    )
    const [hit] = hits
    if (hit !== undefined && !found.some(({ productId }) => productId === hit.productId)) found.push(hit)
  }
  return [
    ...found,
    ...listed.products.filter((card) => !found.some(({ productId }) => productId === card.productId)),
  ].slice(0, 3)
}
