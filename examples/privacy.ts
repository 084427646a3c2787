import { okAsync } from 'neverthrow'
import { createShop, exportPages, jsonLines } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createKeyedDigest, createSealer, systemClock } from 'shopwright/adapters/runtime'
import { must } from './support/must.js'

const key = crypto.getRandomValues(new Uint8Array(32))
const letters: string[] = []
const shop = createShop({
  storage: createMemoryStorage(),
  clock: systemClock,
  digests: createKeyedDigest({ key }),
  sealer: createSealer({ current: { keyId: 'k1', key } }),
  hasher: createScryptHasher(),
  notifier: {
    send: ({ text }) => {
      letters.push(text)
      return okAsync(undefined)
    },
  },
  gateways: {},
})
const visitor = (key: string) => ({ actor: { kind: 'guest', guestId: 'visitor' }, key }) as const
const email = 'li.na@example.com'
const password = 'a quiet river under seven hills'
const { challengeId } = must(
  await shop.accounts.register(visitor('1'), { email, password, name: '李娜', locale: 'en' }),
)
must(await shop.upkeep.sendMessages({ limit: 10 }))
const code = /\d{6}/.exec(letters[0] ?? '')?.[0] ?? ''
must(await shop.accounts.activate(visitor('2'), { challengeId, code }))
const { token } = must(await shop.accounts.signIn(visitor('3'), { identifier: email, password }))
const { actor } = must(await shop.accounts.actorOf(token))
const me = (key: string) => ({ actor, key })

// #region consent
// A consent names the notice that was shown; the ledger keeps every change of mind.
const about = { purpose: 'personalisation', noticeVersion: '2026-11' } as const
must(await shop.accounts.setConsent(me('4'), { ...about, decision: 'given' }))
must(await shop.accounts.setConsent(me('5'), { ...about, decision: 'withdrawn' }))
for (const { purpose, standing } of must(await shop.accounts.myConsents({ actor }, {})).consents) {
  console.log(`${purpose}: ${standing}`)
}
// #endregion

// #region export
// Everything that the shop keeps of a person, as JSON Lines, page by page.
let lines = 0
const ask = (after: { record: string; id?: string } | undefined) =>
  shop.accounts.exportData({ actor }, after === undefined ? {} : { after })
const render = ({ record, rows }: { record: string; rows: readonly object[] }) =>
  jsonLines(rows.map((row) => ({ record, ...row })))
for await (const piece of exportPages(ask, render)) {
  for (const line of must(piece).split('\n').filter(Boolean)) {
    lines += 1
    if (line.includes('李娜')) console.log(`the name stands in line ${lines}`)
  }
}
// #endregion

// #region erase
// What would become of every record, then the erasure itself; it has a number.
const { verdicts } = must(await shop.accounts.erasurePlan({ actor }, {}))
const kept = verdicts.filter(({ verdict }) => verdict === 'restrict').map(({ record, law }) => `${record} (${law})`)
console.log(`kept: ${kept.join(', ')}`)
const erased = must(await shop.accounts.erase(me('6'), { password }))
must(await shop.upkeep.relay({ worker: 'one', limit: 100 }))
console.log(`erased under a number: ${/^P\d{8}-\d{8}$/.test(erased.number)}`)
// #endregion
