import { must } from './support/must.js'
import { openAccounts } from './support/open-accounts.js'

const { shop, visitor, codeAt, wait } = openAccounts()
const phone = '+8613800138000'
const password = 'a quiet river under seven hills'
const signIn = () => shop.accounts.signIn(visitor(), { identifier: phone, password })

const { challengeId } = must(await shop.accounts.register(visitor(), { phone, password, locale: 'en' }))
must(await shop.accounts.activate(visitor(), { challengeId, code: await codeAt(phone) }))
const { token } = must(await signIn())
const { actor } = must(await shop.accounts.actorOf(token))
wait(60_000) // a number gets one code a minute

// #region turn-on
// A code comes back from the number, and from then on every sign-in asks for one. Recovery codes are shown once.
const turnOn = must(await shop.accounts.requestContactFactor({ actor, key: 'on' }, { to: 'phone' }))
const proof = { challengeId: turnOn.challengeId, code: await codeAt(phone) }
const { recoveryCodes } = must(await shop.accounts.confirmContactFactor({ actor, key: 'on' }, proof))
// #endregion
wait(60_000)

// #region sign-in
// The password is right, and begins no session: the refusal says by what the second proof can be given.
const required = await signIn()
if (required.isOk() || required.error.type !== 'SecondFactorRequired') throw new Error('one proof was enough')
const half = required.error
console.log(`one more proof: ${half.factors.join(', ')}`)
must(await shop.accounts.requestFactorCode(visitor(), { challengeId: half.challengeId, to: 'phone' }))
const second = { challengeId: half.challengeId, kind: 'phone', code: await codeAt(phone) } as const
const session = must(await shop.accounts.confirmSignIn(visitor(), second))
// #endregion
console.log(`signed in: ${session.accountId === (actor.kind === 'customer' ? actor.accountId : '')}`)
wait(60_000)

// #region reset
// Whoever reads the messages has a new password by them, and no second proof: that takes another way.
const reset = must(await shop.accounts.requestReset(visitor(), { identifier: phone }))
const newPassword = 'seven hills above a quiet river'
must(
  await shop.accounts.resetPassword(visitor(), {
    challengeId: reset.challengeId,
    code: await codeAt(phone),
    newPassword,
  }),
)
const after = await shop.accounts.signIn(visitor(), { identifier: phone, password: newPassword })
if (after.isOk() || after.error.type !== 'SecondFactorRequired') throw new Error('one proof was enough')
const [code = ''] = recoveryCodes
const recovered = { challengeId: after.error.challengeId, kind: 'recoveryCode', code } as const
must(await shop.accounts.confirmSignIn(visitor(), recovered))
// #endregion
console.log(`after a reset by message: ${after.error.factors.join(', ')}`)
