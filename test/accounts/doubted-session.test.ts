import {
  createTableAuthorizer,
  defaultAccountsPolicy,
  disownSignIn,
  leaveDevice,
  myAccount,
  requestReset,
  resetPassword,
  withStepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { customer, day, guest, must, openAccounts, otherPassword, tagOf } from './open-accounts.js'

const email = 'owner@example.com'

/** A customer in a session that has to be proved. */
const doubted = (accountId = 'account_1') =>
  ({ kind: 'customer', accountId, session: { sessionId: 'session_1', provenAt: 0, mustProve: true } }) as const

describe('a session that has to be proved', () => {
  it('keeps its owner from nothing that strangers may do: a reset, a device to leave, a sign-in to disown', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const actor = doubted(accountId)
    const { ports, as } = shop
    expect(tagOf(await disownSignIn(ports, as(actor), { token: `challenge_1.${'0'.repeat(43)}` }))).toBe('CodeRefused')
    expect(tagOf(await leaveDevice(ports, as(actor), { wallet: '' }))).toBe('ok')
    const { challengeId } = must(await requestReset(ports, as(actor), { identifier: email }))
    const given = { challengeId, code: await shop.lastCode(email), newPassword: otherPassword }
    expect(tagOf(await resetPassword(ports, as(actor), given))).toBe('ok')
    expect(tagOf(await myAccount(ports, { actor }, {}))).toBe('StepUpRequired')
  })

  it('opens nothing that reaches what is the account’s own, though strangers have the same of theirs', async () => {
    const { stepUp } = defaultAccountsPolicy
    const table = {
      'cart.show': { guest: 'own', customer: 'own' },
      'orders.show': { customer: 'own' },
      'reviews.ofProduct': { guest: 'all', customer: 'all' },
      'named.too': { guest: 'all', customer: 'all' },
    } as const
    const policy = { ...stepUp, actions: ['named.too'] }
    const authorizer = withStepUp(createTableAuthorizer(table), policy, { now: () => day })
    const ask = async (actor: Parameters<typeof authorizer.authorize>[0], action: string) =>
      tagOf(await authorizer.authorize(actor, action))
    const asked = ['cart.show', 'orders.show', 'reviews.ofProduct', 'named.too']
    const answers = await Promise.all(asked.map((action) => ask(doubted(), action)))
    expect(answers).toEqual(['StepUpRequired', 'StepUpRequired', 'ok', 'StepUpRequired'])
    expect(await ask(customer('account_1'), 'cart.show')).toBe('ok')
    expect(await ask(guest, 'cart.show')).toBe('ok')
  })
})
