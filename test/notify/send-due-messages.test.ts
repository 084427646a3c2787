import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import {
  commitChanges,
  type MessageFact,
  messageIdOf,
  messages,
  queueMessage,
  readFacts,
  retryDelayMs,
  row,
  sendDueMessages,
  setConsent,
  type TemplateName,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { customer, day, hour, minute, must, type OpenAccounts, openAccounts } from '../accounts/open-accounts.js'

const email = 'li.ming@example.com'

const queue = async (
  shop: OpenAccounts,
  accountId: string,
  cause: string,
  template: TemplateName = 'orderClosed',
  facts: Record<string, MessageFact> = { orderNumber: cause, reason: 'it was not paid in time.' },
) => {
  const change = queueMessage({ cause, accountId, template, facts, at: shop.now() })
  return commitChanges(shop.ports.storage, { shop: 'main', at: shop.now(), changes: [change] })
}

const stateOf = async (shop: OpenAccounts, accountId: string, cause: string) => {
  const plan = { message: row(messages, messageIdOf({ cause, accountId })) }
  const facts = await readFacts(shop.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan })
  return must(facts).message?.state
}

const send = async (shop: OpenAccounts) => must(await sendDueMessages(shop.ports, { limit: 100 }))

const openWithAccount = async () => {
  const shop = await openAccounts()
  const accountId = await shop.join(email)
  shop.mailbox.length = 0
  return { shop, accountId }
}

describe('sending what is due', () => {
  it('reaches who has but a number by text message; advertising stays on the channel that was agreed to', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('+8613800138000')
    shop.mailbox.length = 0
    must(await queue(shop, accountId, 'order-1'))
    expect(await send(shop)).toMatchObject({ sent: 1 })
    expect(shop.mailbox).toMatchObject([{ channel: 'sms', to: '+8613800138000', subject: 'Order order-1 is closed' }])
    const input = { purpose: 'marketing', decision: 'given', channels: ['email'], noticeVersion: 'v1' } as const
    must(await setConsent(shop.ports, shop.as(customer(accountId)), input))
    must(await queue(shop, accountId, 'offer-1', 'offerAnnounced', { title: 'Tea week', until: { at: shop.now() } }))
    expect(await send(shop)).toMatchObject({ sent: 0, suppressed: 1 })
  })

  it('sends a message once, in the person’s language', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'order-1'))
    expect(await send(shop)).toEqual({
      sent: 1,
      postponed: 0,
      failed: [],
      suppressed: 0,
      passed: 0,
      errors: [],
      notAnswering: [],
    })
    expect(await send(shop)).toMatchObject({ sent: 0 })
    expect(shop.mailbox).toEqual([
      {
        messageId: `order-1/${accountId}/email`,
        channel: 'email',
        to: email,
        locale: 'en',
        subject: 'Order order-1 is closed',
        text: 'Order order-1 is closed: it was not paid in time. The coupons and points it used are back, and nothing was charged. Order again if you still want it.',
      },
    ])
    expect(await stateOf(shop, accountId, 'order-1')).toMatchObject({ status: 'sent', tries: 1, sentAt: shop.now() })
  })

  it('loses half a minute at most to a channel that hangs: what else is due by it is as it was, and goes first the next time', async () => {
    const { shop, accountId } = await openWithAccount()
    for (let each = 0; each < 5; each += 1) must(await queue(shop, accountId, `order-${each}`))
    let isHanging = true
    const { notifier } = shop.ports
    const hanging: typeof notifier = {
      send: (message) => {
        if (!isHanging) return notifier.send(message)
        shop.pass(15_000)
        return errAsync({ type: 'NotifyFailed', retry: true, detail: 'timed out' })
      },
    }
    const turn = async () => must(await sendDueMessages({ ...shop.ports, notifier: hanging }, { limit: 100 }))
    expect(await turn()).toMatchObject({
      ...{ sent: 0, postponed: 2, errors: [] },
      notAnswering: [{ id: 'email', reason: 'ChannelNotAnswering' }],
    })
    isHanging = false
    expect(await turn()).toMatchObject({ sent: 3, notAnswering: [] })
  })

  it('is put off no longer by a clock that was a month ahead for one turn, be it queued or tried then', async () => {
    const { shop, accountId } = await openWithAccount()
    const month = 30 * day
    const ahead = {
      ...shop,
      now: () => shop.now() + month,
      ports: { ...shop.ports, clock: { now: () => shop.now() + month } },
    }
    const notifier = { send: () => errAsync({ type: 'NotifyFailed', retry: true, detail: 'down' } as const) }
    must(await queue(ahead, accountId, 'queued'))
    const down = { ...ahead.ports, notifier }
    expect(must(await sendDueMessages(down, { limit: 100 }))).toMatchObject({ postponed: 1 })
    must(await queue(ahead, accountId, 'order-2'))
    expect(await send(shop)).toMatchObject({ sent: 2 })
    must(await queue(shop, accountId, 'order-3'))
    must(await sendDueMessages({ ...shop.ports, notifier }, { limit: 100 }))
    // What waits for its next try waits.
    expect(await send(shop)).toMatchObject({ sent: 0 })
    shop.pass(minute)
    expect(await send(shop)).toMatchObject({ sent: 1 })
  })

  it('loses no more to one that takes its time to refuse', async () => {
    const { shop, accountId } = await openWithAccount()
    for (let each = 0; each < 5; each += 1) must(await queue(shop, accountId, `order-${each}`))
    const slow: typeof shop.ports.notifier = {
      send: () => {
        shop.pass(15_000)
        return errAsync({ type: 'NotifyFailed', retry: false, detail: 'refused' })
      },
    }
    const { failed, notAnswering } = must(await sendDueMessages({ ...shop.ports, notifier: slow }, { limit: 100 }))
    expect([failed.length, notAnswering.length]).toEqual([2, 1])
  })

  it('is queued once for each cause, account and channel', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'order-1'))
    const again = await queue(shop, accountId, 'order-1')
    expect(again.isErr() && again.error.type).toBe('VersionConflict')
  })

  it('of many senders at once, one sends each message', async () => {
    const { shop, accountId } = await openWithAccount()
    for (let index = 0; index < 10; index += 1) must(await queue(shop, accountId, `order-${index}`))
    const reports = await Promise.all(Array.from({ length: 8 }, () => send(shop)))
    expect(reports.reduce((sum, { sent }) => sum + sent, 0)).toBe(10)
    expect(shop.mailbox.map(({ messageId }) => messageId).sort()).toEqual(
      Array.from({ length: 10 }, (_, index) => `order-${index}/${accountId}/email`),
    )
  })

  it('tries again with growing pauses for as long as it may be told, and says what it gave up', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'order-1'))
    const queuedAt = shop.now()
    shop.onSend(() => errAsync({ type: 'NotifyFailed', retry: true, detail: 'down' }))
    const pauses = [1, 4, 16, 60, 60].map((minutes) => minutes * minute)
    for (const [index, pause] of pauses.entries()) {
      expect(await send(shop)).toMatchObject({ postponed: 1 })
      expect(await stateOf(shop, accountId, 'order-1')).toMatchObject({
        status: 'queued',
        tries: index + 1,
        dueAt: shop.now() + pause,
      })
      shop.pass(pause - 1)
      expect(await send(shop)).toMatchObject({ postponed: 0, failed: [] })
      shop.pass(1)
    }
    while (shop.now() <= queuedAt + 3 * day) {
      expect(await send(shop)).toMatchObject({ postponed: 1 })
      shop.pass(hour)
    }
    expect(await send(shop)).toMatchObject({
      failed: [{ messageId: `order-1/${accountId}/email`, reason: 'outOfTime' }],
    })
    expect(await stateOf(shop, accountId, 'order-1')).toMatchObject({ status: 'failed', reason: 'outOfTime' })
    expect(shop.mailbox).toEqual([])
  })

  it('tells of an order after two days without a channel, and gives no code so late', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'order-1'))
    must(await queue(shop, accountId, 'code-1', 'signInCode', { expiresAt: { at: shop.now() } }))
    shop.onSend(() => errAsync({ type: 'NotifyFailed', retry: true, detail: 'down' }))
    for (let hours = 0; hours < 48; hours += 1) {
      await send(shop)
      shop.pass(hour)
    }
    shop.onSend(() => okAsync(undefined))
    await send(shop)
    expect(shop.mailbox.map(({ messageId }) => messageId.split('/')[0])).toEqual(['order-1'])
    expect(await stateOf(shop, accountId, 'code-1')).toMatchObject({ status: 'failed', reason: 'outOfTime' })
  })

  it('gives up after as many tries as it is told', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'order-1'))
    shop.onSend(() => errAsync({ type: 'NotifyFailed', retry: true, detail: 'down' }))
    const once = async () => must(await sendDueMessages(shop.ports, { limit: 10, tries: 2 }))
    expect(await once()).toMatchObject({ postponed: 1 })
    shop.pass(minute)
    expect(await once()).toMatchObject({ failed: [{ reason: 'triesUsedUp' }] })
  })

  it('gives up at once what the channel will never take, and stops for no other message', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'bad'))
    must(await queue(shop, accountId, 'good'))
    shop.onSend(({ messageId }) =>
      messageId.startsWith('bad')
        ? errAsync({ type: 'NotifyFailed', retry: false, detail: 'no such mailbox' })
        : okAsync(undefined),
    )
    expect(await send(shop)).toMatchObject({ sent: 1, failed: [{ reason: 'refusedByChannel' }] })
    expect(await stateOf(shop, accountId, 'bad')).toMatchObject({ status: 'failed', reason: 'refusedByChannel' })
  })

  it('takes up what a sender left in its hand, after two minutes', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'order-1'))
    const { storage } = shop.ports
    let commits = 0
    const dying = {
      ...shop.ports,
      storage: {
        ...storage,
        commit: (commit: Parameters<typeof storage.commit>[0]) => {
          commits += 1
          return commits === 2
            ? errAsync({ type: 'StorageUnavailable', detail: 'gone' } as const)
            : storage.commit(commit)
        },
      },
    }
    const report = must(await sendDueMessages(dying, { limit: 10 }))
    expect(report.errors).toEqual([{ messageId: `order-1/${accountId}/email`, reason: 'StorageUnavailable' }])
    expect(await stateOf(shop, accountId, 'order-1')).toMatchObject({ status: 'sending' })
    expect(await send(shop)).toMatchObject({ sent: 0 })
    shop.pass(2 * minute)
    expect(await send(shop)).toMatchObject({ sent: 1 })
    const ids = shop.mailbox.map(({ messageId }) => messageId)
    expect(new Set(ids).size).toBe(1)
  })

  it('sends a code before what orders say, and both before advertising that was due long before', async () => {
    const { shop, accountId } = await openWithAccount()
    const input = { purpose: 'marketing', decision: 'given', channels: ['email'], noticeVersion: 'v1' } as const
    must(await setConsent(shop.ports, shop.as(customer(accountId)), input))
    for (let place = 0; place < 12; place += 1) {
      must(
        await queue(shop, accountId, `offer-${place}`, 'offerAnnounced', { title: 'Tea', until: { at: shop.now() } }),
      )
    }
    shop.pass(minute)
    must(await queue(shop, accountId, 'order-1'))
    must(await queue(shop, accountId, 'code-1', 'signInCode', { expiresAt: { at: shop.now() } }))
    const turn = async () => must(await sendDueMessages(shop.ports, { limit: 3 }))
    expect(await turn()).toMatchObject({ sent: 3 })
    expect(shop.mailbox.map(({ messageId }) => messageId.split('/')[0])).toEqual(['code-1', 'order-1', 'offer-0'])
    expect(await turn()).toMatchObject({ sent: 3 })
    shop.pass(minute)
    expect(await send(shop)).toMatchObject({ sent: 8 })
    expect(await send(shop)).toMatchObject({ sent: 0 })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error(email)
      },
    ],
    ['rejects', () => ResultAsync.fromSafePromise<never>(Promise.reject(new Error(email)))],
  ])('counts a try of a notifier that %s, and sends the others', async (_, fail) => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'bad'))
    must(await queue(shop, accountId, 'good'))
    shop.onSend(({ messageId }) => (messageId.startsWith('bad') ? fail() : okAsync(undefined)))
    expect(await send(shop)).toEqual({
      sent: 1,
      postponed: 1,
      failed: [],
      suppressed: 0,
      passed: 0,
      errors: [],
      notAnswering: [],
    })
    expect(await stateOf(shop, accountId, 'bad')).toMatchObject({
      status: 'queued',
      tries: 1,
      dueAt: shop.now() + minute,
    })
  })

  it('counts a try where the contact book throws', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'order-1'))
    const recipients = {
      find: () => {
        throw new Error('the directory is gone')
      },
    }
    const report = must(await sendDueMessages({ ...shop.ports, recipients }, { limit: 10 }))
    expect(report).toMatchObject({ sent: 0, postponed: 1, errors: [] })
    expect(await send(shop)).toMatchObject({ sent: 0 })
    shop.pass(minute)
    expect(await send(shop)).toMatchObject({ sent: 1 })
  })

  it('sends nothing to an account that is not there, no code that is a day late and no notice that is three', async () => {
    const { shop, accountId } = await openWithAccount()
    must(await queue(shop, accountId, 'code-1', 'signInCode', { expiresAt: { at: shop.now() } }))
    must(await queue(shop, accountId, 'order-1'))
    shop.pass(day + 1)
    must(await queue(shop, 'account_none', 'order-3'))
    const late = { reason: 'outOfTime' } as const
    expect(await send(shop)).toMatchObject({ sent: 1, failed: [late], suppressed: 1 })
    expect(await stateOf(shop, accountId, 'code-1')).toMatchObject({ status: 'failed', reason: 'outOfTime' })
    expect(await stateOf(shop, 'account_none', 'order-3')).toMatchObject({ status: 'suppressed', reason: 'noAddress' })
    must(await queue(shop, accountId, 'order-4'))
    shop.pass(3 * day + 1)
    expect(await send(shop)).toMatchObject({ sent: 0, failed: [late] })
  })

  it('waits no longer than an hour between tries', () => {
    expect([1, 2, 3, 10, 1_000].map(retryDelayMs)).toEqual([minute, 4 * minute, 16 * minute, hour, hour])
  })
})
