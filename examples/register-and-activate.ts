import { must } from './support/must.js'
import { openAccounts } from './support/open-accounts.js'

const { shop, visitor, codeAt, wait } = openAccounts()
const password = 'a quiet river under seven hills'

// #region register
// Nothing is claimed by a registration: the address is free until its code has come back.
const asked = must(
  await shop.accounts.register(visitor(), { email: 'li.na@exmaple.com', password, name: 'Li Na', locale: 'en' }),
)
console.log(`the registration lapses after ${(asked.activateBy - Date.UTC(2026, 10, 28, 9)) / 3_600_000} hours`)
// #endregion

// #region correct
// The address was mistyped. The code goes to the one that was meant, and the registration lapses when it would have.
wait(60_000)
const email = 'li.na@example.com'
const { challengeId } = must(await shop.accounts.correctContact(visitor(), { challengeId: asked.challengeId, email }))
// #endregion

// #region activate
// A wrong code spends one of five tries; which refusal it is, nobody is told.
const wrong = await shop.accounts.activate(visitor(), { challengeId, code: 'no code' })
console.log(wrong.isErr() ? wrong.error.type : 'activated')
must(await shop.accounts.activate(visitor(), { challengeId, code: await codeAt(email) }))
const { token } = must(await shop.accounts.signIn(visitor(), { identifier: email, password }))
// #endregion

const { actor } = must(await shop.accounts.actorOf(token))
const me = must(await shop.accounts.myAccount({ actor }, {}))
console.log(`${me.name} is signed in by ${me.email}`)
