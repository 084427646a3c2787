import { type Actor, auditLog, entries, find, guideMembership, readFacts, reviewVotes } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { must } from '../../shop/open-shop.js'
import { by, type Customer, clerk, join, password } from '../../shop/world.js'
import { buyKettles, deliverAll, openStall, type Stall } from '../../support/open-stall.js'

const day = 86_400_000
const anyone: Actor = { kind: 'guest', guestId: 'passer-by' }
const tagOf = (result: { isErr(): boolean; error?: unknown }) => (result.isErr() ? result.error : result)

/** Buys a kettle and signs for it. */
const receive = async (stall: Stall, { actor }: Customer) => {
  const { shop } = stall
  const { orderId } = await buyKettles(stall, actor, 1)
  must(await shop.orders.ship(by(clerk), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
  must(await shop.orders.confirmReceipt(by(actor), { orderId }))
  const [line] = must(await shop.orders.page({ actor }, { orderId })).lines
  return { orderId, lineId: line?.lineId ?? '' } as const
}

/** Three buyers who have received a kettle each. */
const openReviewed = async () => {
  const stall = await openStall([])
  const [ann, bob, eve] = [
    await join(stall, 'ann@example.com', 'Ann'),
    await join(stall, 'bob@example.com', 'Bob'),
    await join(stall, 'eve@example.com', 'Eve'),
  ]
  return { stall, shop: stall.shop, ann, bob, eve, bought: await receive(stall, ann) }
}

describe('a review', () => {
  it('is written once by who received the line, edited for 30 days, answered, and shown without its author', async () => {
    const { stall, shop, ann, bob, eve, bought } = await openReviewed()
    const { productId, pass } = stall
    const words = { text: '水烧得很快', photos: ['https://cdn.example.com/1.jpg'], signedAs: '王小明' }
    const { reviewId } = must(await shop.reviews.write(by(ann.actor), { ...bought, rating: 4, ...words }))
    expect(tagOf(await shop.reviews.write(by(ann.actor), { ...bought, rating: 5 }))).toEqual({
      type: 'LineReviewed',
      lineId: bought.lineId,
      reviewId,
    })
    expect(tagOf(await shop.reviews.write(by(eve.actor), { ...bought, rating: 1 }))).toMatchObject({ type: 'NotFound' })
    const { orderId } = await buyKettles(stall, bob.actor, 1)
    const [unsigned] = must(await shop.orders.page(bob, { orderId })).lines
    expect(
      tagOf(await shop.reviews.write(by(bob.actor), { orderId, lineId: unsigned?.lineId ?? '', rating: 1 })),
    ).toMatchObject({ type: 'LineNotReviewable', reason: 'notReceived' })
    expect(
      tagOf(await shop.reviews.write(by(ann.actor), { ...bought, rating: 5, photos: ['data:image/png;base64,AAAA'] })),
    ).toMatchObject({ type: 'InvalidInput' })

    must(await shop.reviews.reply(by(clerk), { reviewId, text: '谢谢您' }))
    const page = must(await shop.reviews.ofProduct({ actor: anyone }, { productId }))
    expect(page.summary).toMatchObject({ reviews: 1, ratingTenths: 40, goodRateBasisPoints: 10_000, hidden: 0 })
    expect(page.reviews).toMatchObject([
      { reviewId, rating: 4, text: words.text, photos: words.photos, author: '王**', reply: { text: '谢谢您' } },
    ])
    const shown = JSON.stringify(page)
    for (const secret of [ann.accountId, bought.orderId, bought.lineId, '小明']) expect(shown).not.toContain(secret)

    pass(30 * day)
    must(await shop.reviews.edit(by(ann.actor), { reviewId, rating: 2, text: '两周后坏了' }))
    expect(tagOf(await shop.reviews.edit(by(eve.actor), { reviewId, rating: 1 }))).toMatchObject({ type: 'NotFound' })
    pass(1)
    expect(tagOf(await shop.reviews.edit(by(ann.actor), { reviewId, rating: 1 }))).toMatchObject({
      type: 'ReviewEditClosed',
    })
    const edited = must(await shop.reviews.ofProduct({ actor: anyone }, { productId }))
    expect(edited.summary.byRating).toEqual({ 1: 0, 2: 1, 3: 0, 4: 0, 5: 0 })
    expect(edited.reviews[0]).toMatchObject({ text: '两周后坏了', photos: [], author: null })

    must(await shop.reviews.withdraw(by(ann.actor), { reviewId }))
    expect(must(await shop.reviews.ofProduct({ actor: anyone }, { productId })).summary.reviews).toBe(0)
    expect(must(await shop.reviews.list({ actor: ann.actor })).reviews).toMatchObject([
      { reviewId, status: 'withdrawn', text: '', reply: null },
    ])
  })

  it('is hidden by staff for a reason of law only, in public number and on record; its author is told', async () => {
    const { stall, shop, ann, bought } = await openReviewed()
    const { productId, ports, now, mailbox } = stall
    const { reviewId } = must(await shop.reviews.write(by(ann.actor), { ...bought, rating: 1, text: 'Bob is a thief' }))
    for (const reason of ['negative', 'lowRating', 'bad for sales']) {
      expect(tagOf(await shop.reviews.hide(by(clerk), { reviewId, reason }))).toMatchObject({
        type: 'HidingReasonUnlawful',
        reason,
        lawful: expect.arrayContaining(['abusive', 'unlawful']),
      })
    }
    const seller: Actor = { kind: 'merchant', merchantId: 'self' }
    expect(tagOf(await shop.reviews.hide(by(seller), { reviewId, reason: 'abusive' }))).toMatchObject({
      type: 'Denied',
    })

    must(await shop.reviews.hide(by(clerk), { reviewId, reason: 'abusive' }))
    const hidden = must(await shop.reviews.ofProduct({ actor: anyone }, { productId }))
    expect(hidden).toMatchObject({ summary: { reviews: 0, hidden: 1 }, reviews: [] })
    expect(must(await shop.reviews.list({ actor: ann.actor })).reviews).toMatchObject([
      { status: 'hidden', reason: 'abusive', text: 'Bob is a thief' },
    ])
    const audit = must(
      await readFacts(ports.storage, {
        shop: 'main',
        scope: { kind: 'all' },
        at: now(),
        plan: {
          log: entries(auditLog, { where: [{ field: 'action', is: 'eq', value: 'reviews.hide' }], limit: 10 }),
        },
      }),
    ).log.map(({ body }) => body)
    // A merchant was turned away before.
    const done = audit.filter(({ outcome }) => outcome === 'done')
    expect(done).toMatchObject([{ actor: 'staff:clerk', subject: reviewId, detail: 'abusive' }])
    must(await shop.upkeep.sendMessages({ limit: 100 }))
    expect(mailbox.at(-1)?.text).toContain('it insults or threatens somebody')

    must(await shop.reviews.edit(by(ann.actor), { reviewId, rating: 1, text: 'It leaks' }))
    expect(must(await shop.reviews.ofProduct({ actor: anyone }, { productId })).summary.reviews).toBe(0)
    must(await shop.reviews.show(by(clerk), { reviewId }))
    expect(must(await shop.reviews.ofProduct({ actor: anyone }, { productId }))).toMatchObject({
      summary: { reviews: 1, hidden: 0 },
      reviews: [{ text: 'It leaks', rating: 1 }],
    })
  })

  it('earns points once without the host, invites its buyer once, and ranks its product in lists', async () => {
    const { stall, shop, bob } = await openReviewed()
    const { productId, pass, mailbox } = stall
    const { bookId: _, ...terms } = guideMembership
    must(await shop.membership.publish(by(clerk), { expectedRevision: 0, ...terms }))
    must(await shop.membership.join(by(bob.actor), { termsRevision: 1 }))
    must(
      await shop.accounts.setConsent(by(bob.actor), { purpose: 'marketing', decision: 'given', noticeVersion: 'v1' }),
    )
    const bought = await receive(stall, bob)
    pass(8 * day)
    must(await shop.upkeep.advanceOrders({ limit: 10 }))
    await deliverAll(stall)
    await deliverAll(stall)
    must(await shop.upkeep.sendMessages({ limit: 100 }))
    const invited = mailbox.filter(({ subject }) => subject.startsWith('How do you like what you bought'))
    expect(invited.map(({ to }) => to)).toEqual([bob.email])

    const before = must(await shop.membership.pointsPage({ actor: bob.actor }, { limit: 10 })).available
    const { reviewId } = must(await shop.reviews.write(by(bob.actor), { ...bought, rating: 3 }))
    await deliverAll(stall)
    must(await shop.reviews.edit(by(bob.actor), { reviewId, rating: 5 }))
    await deliverAll(stall)
    const earned = terms.activities.review?.points ?? 0
    expect(earned).toBeGreaterThan(0)
    expect(must(await shop.membership.pointsPage({ actor: bob.actor }, { limit: 10 })).available).toBe(before + earned)
    const centre = must(await shop.storefront.memberCentre({ actor: bob.actor }))
    expect(centre.membership?.counted.contributions).toBe(1)

    pass(60_000)
    must(await shop.upkeep.rankProducts({ limit: 10 }))
    const { products } = must(await shop.catalog.listProducts({ actor: anyone }, {}))
    expect(products).toMatchObject([{ productId, standing: { sold: 2, reviews: 1, ratingTenths: 50 } }])
  })

  it('that gives but stars is not hidden, whatever the reason: all there is to hide are the stars', async () => {
    const { stall, shop, ann, bob, bought } = await openReviewed()
    const { reviewId } = must(await shop.reviews.write(by(ann.actor), { ...bought, rating: 1, text: '  ' }))
    expect(tagOf(await shop.reviews.hide(by(clerk), { reviewId, reason: 'abusive' }))).toEqual({
      type: 'NothingToHide',
    })
    // A name can be what the law forbids.
    const named = { ...(await receive(stall, bob)), rating: 1, signedAs: 'A thief' } as const
    const signed = must(await shop.reviews.write(by(bob.actor), named)).reviewId
    must(await shop.reviews.hide(by(clerk), { reviewId: signed, reason: 'abusive' }))
  })

  it('is ranked by who found it helpful, each once, page by page', async () => {
    const { stall, shop, ann, bob, eve, bought } = await openReviewed()
    const { productId, pass } = stall
    const first = must(await shop.reviews.write(by(ann.actor), { ...bought, rating: 5 })).reviewId
    pass(1_000)
    const second = must(
      await shop.reviews.write(by(bob.actor), { ...(await receive(stall, bob)), rating: 1, photos: ['b/1.jpg'] }),
    ).reviewId
    const order = async (more: object) =>
      must(await shop.reviews.ofProduct({ actor: anyone }, { productId, ...more })).reviews.map((each) => each.reviewId)
    expect(await order({})).toEqual([second, first])
    must(await shop.reviews.vote(by(eve.actor), { reviewId: first, helpful: true }))
    expect(must(await shop.reviews.vote(by(eve.actor), { reviewId: first, helpful: true })).helpful).toBe(1)
    expect(tagOf(await shop.reviews.vote(by(eve.actor), { reviewId: first, helpful: false }))).toEqual({
      type: 'ReviewVoteGiven',
      helpful: true,
    })
    expect(tagOf(await shop.reviews.vote(by(ann.actor), { reviewId: first, helpful: true }))).toMatchObject({
      type: 'OwnReview',
    })
    expect(await order({})).toEqual([first, second])
    expect(await order({ sort: 'newest' })).toEqual([second, first])
    expect(await order({ ratings: [1, 2] })).toEqual([second])
    expect(await order({ withPhotos: true })).toEqual([second])
    const page = must(await shop.reviews.ofProduct({ actor: anyone }, { productId, limit: 1 }))
    expect(page.next).not.toBeNull()
    expect(await order({ limit: 1, after: page.next })).toEqual([second])
  })

  it('keeps its stars and loses its words when its author is erased', async () => {
    const { stall, shop, ann, bob, bought } = await openReviewed()
    const { productId, pass } = stall
    const said = { rating: 5, text: 'Canary words', photos: ['p/1.jpg'], signedAs: 'Ann' } as const
    const { reviewId } = must(await shop.reviews.write(by(ann.actor), { ...bought, ...said }))
    const other = must(await shop.reviews.write(by(bob.actor), { ...(await receive(stall, bob)), rating: 4 }))
    must(await shop.reviews.vote(by(ann.actor), { reviewId: other.reviewId, helpful: true }))
    const votes = must(await shop.accounts.exportData(ann, { after: { record: 'reviewVote' } }))
    expect(votes).toMatchObject({
      record: 'reviewVote',
      rows: [{ state: { reviewId: other.reviewId, helpful: true } }],
    })
    const exported = JSON.stringify(must(await shop.accounts.exportData(ann, { after: { record: 'review' } })))
    expect(exported).toContain('Canary words')
    pass(30 * day)
    must(await shop.upkeep.advanceOrders({ limit: 10 }))
    must(await shop.accounts.erase(by(ann.actor), { password }))
    await deliverAll(stall)
    const page = must(await shop.reviews.ofProduct({ actor: anyone }, { productId }))
    expect(page).toMatchObject({
      summary: { reviews: 2 },
      reviews: [
        { reviewId: other.reviewId, helpful: 1 },
        { reviewId, rating: 5, text: '', author: null },
      ],
    })
    const plan = { votes: find(reviewVotes, { where: [], limit: 10 }) }
    const asked = { shop: 'main', scope: { kind: 'all' }, at: stall.now(), plan } as const
    expect(must(await readFacts(stall.ports.storage, asked)).votes).toEqual([])
    // It is none with photos any more, and has nothing that could be hidden.
    const withPhotos = must(await shop.reviews.ofProduct({ actor: anyone }, { productId, withPhotos: true }))
    expect(withPhotos.reviews).toEqual([])
    expect(tagOf(await shop.reviews.hide(by(clerk), { reviewId, reason: 'abusive' }))).toMatchObject({
      type: 'NothingToHide',
    })
  })
})
