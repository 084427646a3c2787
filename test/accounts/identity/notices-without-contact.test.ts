import { okAsync } from 'neverthrow'
import { createRecipientBook, requestContactFactor, sendDueMessages, setPaymentPassword } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { identityOf } from '../../support/puppet-provider.js'
import { must, tagOf } from '../open-accounts.js'
import { openProviders, verified } from './open-providers.js'

/** A shop whose host knows a device of everybody. */
const open = async () => {
  const { shop, enter } = await openProviders()
  const asked: string[] = []
  const recipients = createRecipientBook(shop.ports, {
    find: (accountId, channel) => {
      asked.push(channel)
      return okAsync(channel === 'push' ? { to: `device-of-${accountId}` } : undefined)
    },
  })
  const deliver = async () => must(await sendDueMessages({ ...shop.ports, recipients }, { limit: 100 }))
  return { shop, enter, deliver, asked }
}

describe('an account without address and number', () => {
  it('is told of what happened to it at the device that the host knows, and is sent no code there', async () => {
    const { shop, enter, deliver } = await open()
    const { token, accountId } = must(await enter(identityOf('idp.example', 'li')))
    const actor = await shop.actorBy(token)
    must(await setPaymentPassword(shop.ports, shop.as(actor), { paymentPassword: '274913' }))
    await deliver()
    const told = shop.mailbox.map(({ to, channel, text }) => ({ to, channel, text }))
    expect(told).toEqual([
      { to: `device-of-${accountId}`, channel: 'push', text: expect.stringContaining('payment password') },
    ])
    expect(tagOf(await requestContactFactor(shop.ports, shop.as(actor), { to: 'email' }))).toBe('NotBound')
  })

  it('is told by its address once it has one, whatever devices the host knows', async () => {
    const { shop, enter, deliver, asked } = await open()
    const { token } = must(await enter(identityOf('idp.example', 'wang', verified)))
    const actor = await shop.actorBy(token)
    must(await setPaymentPassword(shop.ports, shop.as(actor), { paymentPassword: '274913' }))
    await deliver()
    expect(shop.mailbox.map(({ channel }) => channel)).toEqual(['email'])
    expect(asked).toEqual([])
  })
})
