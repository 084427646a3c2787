import { createHash } from 'node:crypto'
import { type Actor, type CommandContext, guideMembership } from 'shopwright'
import { identityOf } from '../support/puppet-provider.js'
import { must, type OpenedShop, openingTime } from './open-shop.js'

const day = 86_400_000

export const password = 'Tr7!mqLz-wHk2'
export const clerk: Actor = {
  kind: 'staff',
  staffId: 'clerk',
  roles: ['care', 'legalHold', 'incidents', 'privacy'],
  purpose: 'a test',
}

let commands = 0

/** A command of an actor, under a key of its own. */
export const by = (actor: Actor): CommandContext => {
  commands += 1
  return { actor, key: `world-${commands}` }
}

/** A registered customer with an open session. */
export type Customer = {
  readonly actor: Extract<Actor, { kind: 'customer' }>
  readonly accountId: string
  readonly email: string
  readonly sessionId: string
  readonly token: string
  readonly challengeId: string
}

/** Registers, activates and signs in. */
export const join = async ({ shop, mailbox }: OpenedShop, email: string, name: string): Promise<Customer> => {
  const guest: Actor = { kind: 'guest', guestId: `guest-${createHash('sha1').update(email).digest('hex')}` }
  const { challengeId } = must(await shop.accounts.register(by(guest), { email, password, name, locale: 'en' }))
  must(await shop.upkeep.sendMessages({ limit: 100 }))
  const text = mailbox.filter(({ to }) => to === email).at(-1)?.text ?? ''
  const code = /(\d{6,})[,，]/.exec(text)?.[1] ?? ''
  must(await shop.accounts.activate(by(guest), { challengeId, code }))
  const { accountId, sessionId, token } = must(await shop.accounts.signIn(by(guest), { identifier: email, password }))
  const { actor } = must(await shop.accounts.actorOf(token))
  return { actor, accountId, email, sessionId, token, challengeId }
}

export const recipient = {
  name: '王小明',
  phone: '+86 138 0000 0000',
  region: 'CN-31',
  city: '上海',
  address: '世纪大道 1 号 2 楼',
}

export const text = (en: string) => ({ en, 'zh-CN': en }) as const

export const content = (sku: string, categoryId: string) =>
  ({
    title: text('Kettle'),
    description: text('Boils water'),
    brand: 'Brew',
    homeCategoryIds: [categoryId],
    variants: [
      {
        sku,
        options: { colour: 'red' },
        listPrice: { minor: 12_900, currency: 'CNY' },
        weightGrams: 500,
        taxClass: 'goods',
        discountable: true,
      },
    ],
    attributes: { volume: '1.7 l' },
    media: [{ kind: 'image', url: 'https://example.com/kettle.jpg' }],
    perPersonLimit: null,
  }) as const

export const shippingBook = {
  currency: 'CNY',
  methods: [
    {
      methodId: 'standard',
      title: text('Standard'),
      zones: [
        {
          zoneId: 'all',
          regions: ['*'],
          rate: { kind: 'flat', chargeMinor: 800 },
          freeFromMinor: null,
          days: { earliest: 1, latest: 3 },
        },
      ],
    },
  ],
} as const

export const taxBook = {
  regions: [
    {
      region: 'CN',
      inclusive: true,
      classes: { goods: [{ rateId: 'vat', title: text('VAT'), rateMillionths: 130_000 }] },
      shippingClass: 'goods',
    },
  ],
  roundPer: 'line',
  rounding: 'halfUp',
}

/** Prices of everything that a price list can ask. */
export const priceList = {
  listId: 'wholesale',
  title: text('Wholesale'),
  kind: 'sale',
  currency: 'CNY',
  levels: ['ordinary'],
  groups: ['trade'],
  channels: ['app'],
  regions: ['CN-31'],
  from: openingTime,
  to: openingTime + day,
  prices: [{ sku: 'kettle-red', unitMinor: 9_900, fromQuantity: 10, toQuantity: 99 }],
}

const { bookId: _, ...guideTerms } = guideMembership

const couponOf = (offerId: string, claimable: boolean) =>
  ({
    version: 1,
    offerId,
    title: text(offerId),
    issuer: { kind: 'platform' },
    form: { kind: 'coupon', issues: 100, claimsPerCustomer: 3, claimable },
    stage: 'platformCoupon',
    priority: 0,
    currency: 'CNY',
    window: { timeZone: 'Asia/Shanghai', from: openingTime - day, to: openingTime + 30 * day },
    threshold: { amountMinor: 10_000, basis: 'running' },
    benefit: { kind: 'amountOff', offMinor: 2_000 },
    stacking: { withPromotions: true },
    funding: { platformBasisPoints: 0 },
  }) as const

/** A programme with something of everything. */
export const programme = {
  ...guideTerms,
  multipliers: [
    { multiplierId: 'member-day', basisPoints: 30_000, window: { timeZone: 'Asia/Shanghai', daysOfMonth: [8] } },
  ],
  benefits: [
    {
      benefitId: 'welcome',
      title: text('Welcome'),
      levels: ['ordinary'],
      period: 'once',
      occasion: { kind: 'any' },
      points: 20,
      couponOfferIds: ['by-code'],
    },
  ],
  rewards: [
    { rewardId: 'two-yuan', title: text('Two yuan'), points: 200, stock: 5, perMember: 2, couponOfferId: 'by-code' },
  ],
} as const

export const offers = [couponOf('twenty-off', true), couponOf('by-code', false)] as const

/**
 * Opens a shop in which an owner has one of everything: an order that was shipped and signed for, with a return and a
 * refund that its gateway turned down; an order that waits to be paid; a cart; coupons; points; a session.
 */
export const buildWorld = async (opened: OpenedShop) => {
  const { shop, gateway } = opened
  must(
    await shop.catalog.saveCategory(by(clerk), {
      categoryId: 'cat-kettles',
      parentId: null,
      name: text('Home'),
      slug: 'home',
      position: 0,
      requiredAttributes: [],
    }),
  )
  const { productId } = must(
    await shop.catalog.saveProduct(by(clerk), {
      externalId: 'kettle-1',
      merchantId: 'self',
      content: content('kettle-red', 'cat-kettles'),
    }),
  )
  must(await shop.catalog.publishProduct(by(clerk), { productId }))
  must(await shop.inventory.receive(by(clerk), { reference: 'opening', lines: [{ sku: 'kettle-red', quantity: 100 }] }))
  must(await shop.pricing.publishShippingBook(by(clerk), { expectedRevision: 0, ...shippingBook }))
  must(await shop.promotions.publishOffers(by(clerk), { expectedRevision: 0, offers }))

  must(await shop.membership.publish(by(clerk), { expectedRevision: 0, ...programme }))

  const owner = await join(opened, 'olivia@example.com', 'Olivia Owner')
  const { accountId } = owner
  must(await shop.membership.join(by(owner.actor), { termsRevision: 1, birthday: { month: 2, day: 29 } }))
  must(
    await shop.membership.grantPoints(by(clerk), {
      accountId,
      grantId: 'welcome',
      points: 700,
      expiresAt: openingTime + 100 * day,
    }),
  )
  const coupon = must(await shop.promotions.claimCoupon(by(owner.actor), { by: 'click', offerId: 'twenty-off' }))
  const issued = must(await shop.promotions.issueCoupons(by(clerk), { offerId: 'by-code', count: 1 }))
  const couponCode = issued.coupons[0]?.code ?? ''
  must(await shop.promotions.claimCoupon(by(owner.actor), { by: 'code', code: couponCode }))

  const invitation = must(await shop.accounts.beginPasskeyRegistration(by(owner.actor), {}))
  const { passkeyId } = must(
    await shop.accounts.finishPasskeyRegistration(by(owner.actor), {
      challengeId: invitation.challengeId,
      credentialId: 'phone-of-olivia',
      clientDataJson: 'x',
      attestationObject: 'x',
    }),
  )
  const way = must(await shop.accounts.beginLinking(by(owner.actor), { providerId: 'puppet' }))
  const { linkId } = must(
    await shop.accounts.finishLinking(by(owner.actor), {
      providerId: 'puppet',
      query: opened.puppet.consent(way.redirectUrl, identityOf('puppet.example', 'olivia')),
      browserToken: way.browserToken,
    }),
  )

  const buy = async (customer: Customer, quantity: number) => {
    must(await shop.cart.addLine(by(customer.actor), { productId, sku: 'kettle-red', quantity }))
    const choice = { shippingMethodId: 'standard' }
    const quote = must(await shop.orders.preview(by(customer.actor), { ...choice, region: recipient.region }))
    return must(
      await shop.orders.place(by(customer.actor), {
        ...choice,
        recipient,
        expectedTotalMinor: quote.totals.payableMinor,
      }),
    )
  }
  const { orderId, orderNumber } = await buy(owner, 3)
  const paid = must(
    await shop.orders.pay(by(owner.actor), { orderId, gatewayId: gateway.gatewayId, method: 'wechatPay' }),
  )
  const { parcelId } = must(
    await shop.orders.ship(by(clerk), { orderId, carrier: 'sf-express', trackingNumber: 'SF-OWNED-1' }),
  )
  must(await shop.orders.confirmReceipt(by(owner.actor), { orderId }))
  const page = must(await shop.orders.page(by(owner.actor), { orderId }))
  const orderLineId = page.lines[0]?.lineId ?? ''
  gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
  const { refundId } = must(
    await shop.orders.refund(by(clerk), {
      orderId,
      reason: 'goodwill',
      lines: [{ lineId: orderLineId, quantity: 1 }],
    }),
  )
  gateway.dispute(paid.paymentId, { status: 'inquiry' })
  for (const signed of await gateway.takeNotifications()) {
    must(await shop.orders.receiveNotification({ gatewayId: gateway.gatewayId, ...signed }))
  }
  const { returnId } = must(
    await shop.aftersales.requestReturn(by(owner.actor), {
      orderId,
      kind: 'returnAndRefund',
      reason: 'quality',
      lines: [{ lineId: orderLineId, quantity: 1 }],
      description: 'The lid does not close',
    }),
  )
  const { reviewId } = must(
    await shop.reviews.write(by(owner.actor), {
      orderId,
      lineId: orderLineId,
      rating: 5,
      text: 'Boils in no time',
      signedAs: 'Olivia',
    }),
  )
  const { orderId: openOrderId } = await buy(owner, 1)
  const { addressId } = must(await shop.orders.saveAddress(by(owner.actor), { recipient }))

  must(await shop.cart.addLine(by(owner.actor), { productId, sku: 'kettle-red', quantity: 2 }))
  const saved = must(await shop.cart.viewCart(by(owner.actor))).lines[0]?.lineId ?? ''
  must(await shop.cart.saveForLater(by(owner.actor), { lineId: saved }))
  must(await shop.cart.addLine(by(owner.actor), { productId, sku: 'kettle-red', quantity: 5 }))
  must(await shop.cart.attachCoupon(by(owner.actor), { couponId: coupon.couponId }))
  const cart = must(await shop.cart.viewCart(by(owner.actor)))

  const stranger = await join(opened, 'steve@example.com', 'Steve Stranger')
  await buy(stranger, 1)
  must(await shop.cart.addLine(by(stranger.actor), { productId, sku: 'kettle-red', quantity: 1 }))

  const ids = {
    accountId,
    email: owner.email,
    sessionId: owner.sessionId,
    challengeId: owner.challengeId,
    linkId,
    passkeyId,
    productId,
    externalId: 'kettle-1',
    sku: 'kettle-red',
    categoryId: 'cat-kettles',
    offerId: 'twenty-off',
    couponId: coupon.couponId,
    couponCode,
    orderId,
    orderNumber,
    openOrderId,
    addressId,
    orderLineId,
    paymentId: paid.paymentId,
    parcelId,
    refundId,
    returnId,
    reviewId,
    lineId: cart.lines[0]?.lineId ?? '',
    laterId: cart.later[0]?.lineId ?? '',
  }
  const absent: typeof ids = {
    accountId: 'account_absent',
    email: 'nobody@example.com',
    sessionId: 'session_absent',
    challengeId: 'challenge_absent',
    linkId: 'link_absent',
    passkeyId: 'passkey_absent',
    productId: 'prd_self.absent-1',
    externalId: 'absent-1',
    sku: 'absent-sku',
    categoryId: 'cat-absent',
    offerId: 'offer-absent',
    couponId: 'cpn_absent',
    couponCode: 'AAAA-AAAA-AAAA-AAAZ',
    orderId: 'ord_absent',
    orderNumber: '000000-000000-0',
    openOrderId: 'ord_absent_open',
    addressId: 'adr_absent',
    orderLineId: 'line_absent_order',
    paymentId: 'pay_absent',
    parcelId: 'par_absent',
    refundId: 'ref_absent',
    returnId: 'ret_absent',
    reviewId: 'rev_absent',
    lineId: 'line_absent',
    laterId: 'line_absent_later',
  }
  return { ...opened, owner, stranger, ids, absent }
}

export type World = Awaited<ReturnType<typeof buildWorld>>

/** Puts the id that does not exist in place of each of the owner's, and `<new>`, `<digest>` and `<number>` for what was drawn meanwhile. */
export const anonymous = ({ ids, absent }: World, answer: unknown): string => {
  const pairs = Object.entries(ids)
    .map(([name, id]): readonly [string, string] => [id, String(Reflect.get(absent, name))])
    .sort(([left], [right]) => right.length - left.length)
  return pairs
    .reduce((text, [id, none]) => text.replaceAll(id, none), JSON.stringify(answer))
    .replace(/\b[a-z]+_00\w{20,}/g, '<new>')
    .replace(/\b[0-9a-f]{64}\b/g, '<digest>')
    .replace(/\b[IP]\d{8}-\d{8}\b/g, '<number>')
}

/** What nobody but the owner, and who works for the shop, may be told. */
export const privateTexts = ({ ids, owner }: World): readonly string[] => {
  const {
    productId: _,
    externalId: __,
    sku: ___,
    categoryId: ____,
    offerId: _____,
    reviewId: ______,
    ...privates
  } = ids
  return [...Object.values(privates), owner.token, 'Olivia', 'lid does not close', 'SF-OWNED-1']
}

/** The kinds of ids that an owner has rows under. */
export type IdName = keyof World['ids']
