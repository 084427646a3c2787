import fc from 'fast-check'
import { type Actor, createShop, type Storage } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { openStall } from '../support/open-stall.js'
import { must } from './open-shop.js'
import { by, type Customer, join } from './world.js'

/** Notes the text of every row that is read and of every change that is written. */
const watched = (storage: Storage): { readonly storage: Storage; readonly seen: string[] } => {
  const seen: string[] = []
  return {
    seen,
    storage: {
      ...storage,
      read: (request) => storage.read(request).andTee((answers) => seen.push(JSON.stringify(answers))),
      commit: (commit) => {
        seen.push(
          JSON.stringify(commit),
          ...commit.puts.map(({ text }) => text),
          ...commit.appends.map(({ text }) => text),
        )
        return storage.commit(commit)
      },
    },
  }
}

const names = ['ann', 'bob', 'eve'] as const

type Step =
  | { readonly do: 'switch' | 'leave' | 'enter'; readonly who: number }
  | { readonly do: 'buy' | 'look' | 'view' }

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('switch' as const), who: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'enter' as const), who: fc.nat(2) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('buy' as const, 'look' as const, 'view' as const) }) },
  ),
  { minLength: 5, maxLength: 14 },
)

describe('accounts that are switched on one device', () => {
  it('read and write no row of each other, whatever the order, and each has the cart and history of its own doing', async () => {
    const stall = await openStall([])
    const { storage, seen } = watched(stall.ports.storage)
    const shop = createShop({ ...stall.ports, storage })
    let round = 0
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        round += 1
        const visitor: Actor = { kind: 'guest', guestId: `tablet-${round}` }
        const people: Customer[] = []
        for (const name of names) people.push(await join(stall, `${name}-${round}@example.com`, name))
        const bought = people.map(() => 0)
        const looked = people.map(() => false)
        const agreed = { purpose: 'personalisation', decision: 'given', noticeVersion: 'v1' } as const
        for (const { actor } of people) must(await shop.accounts.setConsent(by(actor), agreed))
        // A cart of before the first sign-in goes to who signs in first, once.
        const kettle = { productId: stall.productId, sku: 'kettle', quantity: 1 }
        must(await shop.cart.addLine(by(visitor), kettle))
        let wallet = ''
        let tokens = people.map(({ token }) => token)
        for (const [who, token] of tokens.entries()) {
          wallet = must(await shop.accounts.joinDevice(by(visitor), { wallet, token })).wallet
          const actor = people[who]?.actor ?? visitor
          const { merged } = must(await shop.cart.mergeGuestCart(by(actor), { guestId: `tablet-${round}` }))
          expect(merged).toBe(who === 0)
          if (merged) bought[who] = 1
        }
        let current: number | undefined = 2
        for (const step of script) {
          seen.length = 0
          if (step.do === 'switch') {
            const { sessionId = '' } = people[step.who] ?? {}
            const switched = await shop.accounts.switchAccount({ actor: visitor }, { wallet, sessionId })
            if (switched.isErr()) continue
            wallet = switched.value.wallet
            current = step.who
          } else if (step.do === 'leave') {
            const { sessionId = '' } = people[step.who] ?? {}
            const left = must(await shop.accounts.leaveDevice(by(visitor), { wallet, sessionId }))
            wallet = left.wallet
            if (current === step.who) current = undefined
          } else if (step.do === 'enter') {
            const identifier = `${names[step.who]}-${round}@example.com`
            const again = must(await shop.accounts.signIn(by(visitor), { identifier, password: 'Tr7!mqLz-wHk2' }))
            const joined = must(await shop.accounts.joinDevice(by(visitor), { wallet, token: again.token }))
            wallet = joined.wallet
            const { actor } = must(await shop.accounts.actorOf(again.token))
            people[step.who] = { ...(people[step.who] as Customer), ...again, actor }
            tokens = people.map(({ token }) => token)
            current = step.who
            // To put one session to the others all of them are asked whether they stand.
            continue
          } else {
            if (current === undefined) continue
            const { actor } = must(await shop.accounts.actorOf(tokens[current] ?? ''))
            if (step.do === 'buy') {
              must(await shop.cart.addLine(by(actor), kettle))
              bought[current] = (bought[current] ?? 0) + 1
            } else if (step.do === 'look') {
              must(await shop.history.record(by(actor), { kind: 'product', productId: stall.productId }))
              looked[current] = true
            } else {
              const { lines } = must(await shop.cart.viewCart({ actor }))
              const quantity = lines.reduce((sum, line) => sum + line.quantity, 0)
              expect(quantity).toBe(bought[current])
              const { items } = must(await shop.history.mine({ actor }))
              expect(items.length).toBe(looked[current] === true ? 1 : 0)
            }
          }
          const acting = step.do === 'leave' || step.do === 'switch' ? step.who : current
          for (const [who, { accountId }] of people.entries()) {
            if (who !== acting) expect(seen.join('\n')).not.toContain(accountId)
          }
        }
        for (const [who, { accountId }] of people.entries()) {
          const { lines } = must(await shop.cart.viewCart({ actor: { kind: 'customer', accountId } }))
          expect(lines.reduce((sum, line) => sum + line.quantity, 0)).toBe(bought[who])
        }
      }),
      { numRuns: 8 },
    )
  })
})
