import { commitChanges, createShop, defaultAccountsPolicy, queueMessage } from 'shopwright'
import { expect, it } from 'vitest'
import { must, openShop } from './open-shop.js'
import { by, join } from './world.js'

/** A shop whose policy asks for consent to marketing under one notice, and advertises once when told. */
const openUnder = async () => {
  const opened = await openShop()
  const ann = await join(opened, 'ann@example.com', 'Ann')
  must(await opened.shop.upkeep.sendMessages({ limit: 100 }))
  opened.mailbox.length = 0
  const under = (noticeVersion: string | null) => {
    const consents = { ...defaultAccountsPolicy.consents, marketing: { noticeVersion } }
    return createShop({ ...opened.ports, accountsPolicy: { ...defaultAccountsPolicy, consents } })
  }
  const agree = async (shop: typeof opened.shop, noticeVersion: string) => {
    const asked = { purpose: 'marketing', decision: 'given', noticeVersion } as const
    must(await shop.accounts.setConsent(by(ann.actor), asked))
    opened.pass(1)
  }
  const advertise = async (shop: typeof opened.shop, cause: string) => {
    const at = opened.now()
    const { accountId } = ann
    const queued = queueMessage({ cause, accountId, channel: 'email', template: 'cartAbandoned', at })
    must(await commitChanges(opened.ports.storage, { shop: 'main', at, changes: [queued] }))
    const { sent, suppressed } = must(await shop.upkeep.sendMessages({ limit: 100 }))
    return { sent, suppressed }
  }
  return { ...opened, under, agree, advertise }
}

it('advertising goes to who agreed under the notice that the policy names, and to nobody who agreed under another', async () => {
  const { under, agree, advertise, mailbox } = await openUnder()
  const [first, second] = [under('v1'), under('v2')]
  expect(await advertise(first, 'never agreed')).toEqual({ sent: 0, suppressed: 1 })
  await agree(first, 'v1')
  expect(await advertise(first, 'agreed')).toEqual({ sent: 1, suppressed: 0 })
  expect(await advertise(second, 'the notice was replaced')).toEqual({ sent: 0, suppressed: 1 })
  await agree(second, 'v2')
  expect(await advertise(second, 'agreed anew')).toEqual({ sent: 1, suppressed: 0 })
  expect(await advertise(first, 'the old notice came back')).toEqual({ sent: 0, suppressed: 1 })
  expect(await advertise(under(null), 'any notice will do')).toEqual({ sent: 1, suppressed: 0 })
  expect(mailbox.map(({ to }) => to)).toEqual(Array(3).fill('ann@example.com'))
})
