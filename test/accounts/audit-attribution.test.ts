import {
  type AuditEntry,
  auditLog,
  banAccount,
  challenges,
  entries,
  readFacts,
  requestReset,
  requestSignInCode,
  resetPassword,
  row,
  signInByCode,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { clerk, guest, must, type OpenAccounts, openAccounts, otherPassword, tagOf } from './open-accounts.js'

const email = 'li.na@example.com'

const audited = async ({ ports, now }: OpenAccounts, action: string): Promise<readonly AuditEntry[]> => {
  const plan = { log: entries(auditLog, { where: [{ field: 'action', is: 'eq', value: action }], limit: 50 }) }
  const facts = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  return facts.log.map(({ body }) => body)
}

const statusOf = async ({ ports, now }: OpenAccounts, challengeId: string) => {
  const plan = { found: row(challenges, challengeId) }
  const facts = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  return facts.found?.state.status
}

describe('what the audit log says of a code', () => {
  it('names the account whose password was reset or that was activated, and who failed at it', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    expect(await audited(shop, 'accounts.activate')).toMatchObject([{ subject: accountId, outcome: 'done' }])
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    const wrong = { challengeId, code: 'no code', newPassword: otherPassword }
    expect(tagOf(await resetPassword(shop.ports, shop.as(guest), wrong))).toBe('CodeRefused')
    shop.pass(1)
    must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
    expect(await audited(shop, 'accounts.resetPassword')).toMatchObject([
      { subject: accountId, outcome: 'refused', detail: 'CodeWrong' },
      { subject: accountId, outcome: 'done' },
    ])
  })

  it('says that a right code of a banned account was refused, and the code is used up', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const { challengeId } = must(await requestSignInCode(shop.ports, shop.as(guest), { identifier: email }))
    const code = await shop.lastCode(email)
    const reset = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const resetCode = await shop.lastCode(email)
    must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'fraud', until: shop.now() + 1 }))
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), { challengeId, code }))).toBe('CodeRefused')
    const resetting = { challengeId: reset.challengeId, code: resetCode, newPassword: otherPassword }
    expect(tagOf(await resetPassword(shop.ports, shop.as(guest), resetting))).toBe('CodeRefused')
    const refused = { subject: accountId, outcome: 'refused', detail: 'mayNotSignIn' }
    expect(await audited(shop, 'accounts.signInByCode')).toMatchObject([refused])
    expect(await audited(shop, 'accounts.resetPassword')).toMatchObject([refused])
    expect(await statusOf(shop, challengeId)).not.toBe('open')
    // The ban is over a moment later, and the code does not come to life again with it.
    shop.pass(2)
    expect(tagOf(await signInByCode(shop.ports, shop.as(guest), { challengeId, code }))).toBe('CodeRefused')
  })
})
