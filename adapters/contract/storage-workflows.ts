import { err, ok, type Result } from 'neverthrow'
import {
  adjust,
  append,
  type Change,
  type CommitError,
  type Committed,
  claim,
  claims,
  commitChanges,
  counters,
  entries,
  expectRow,
  type Facts,
  prepareCommit,
  put,
  type ReadPlan,
  readFacts,
  release,
  removeRow,
  row,
  type Storage,
} from 'shopwright'
import { type ContractCase, expectEqual, expectOk, expectTrue } from './assert.js'
import { type Box, boxes, notes, pieces, shelves } from './scratch.js'

const shop = 'contract'
const at = 1_000

type Refused = { readonly type: string }
type Answer = Result<Committed | 'nothing to do', Refused>

// What every workflow does: read, decide, commit, and again from the start when another wrote the same rows meanwhile.
const perform = async <Plan extends ReadPlan>(
  storage: Storage,
  plan: Plan,
  decide: (facts: Facts<Plan>) => Result<readonly Change[], Refused>,
): Promise<Answer> => {
  for (let attempt = 1; attempt <= 200; attempt += 1) {
    const facts = expectOk(await readFacts(storage, { shop, scope: { kind: 'all' }, at, plan }), 'read')
    const decided = decide(facts)
    if (decided.isErr()) return err(decided.error)
    if (decided.value.length === 0) return ok('nothing to do')
    const written = await commitChanges(storage, { shop, at, changes: decided.value })
    if (written.isOk()) return ok(written.value)
    if (!mayBeTriedAgain(written.error)) return err(written.error)
  }
  return err({ type: 'Busy' })
}

const mayBeTriedAgain = (error: CommitError): boolean =>
  error.type === 'VersionConflict' || error.type === 'FloorReached'

const begin = async (storage: Storage, changes: readonly Change[]): Promise<void> => {
  expectOk(await commitChanges(storage, { shop, at, changes }), 'begin')
}

const count = (answers: readonly Answer[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const answer of answers) {
    const tag = answer.match(
      (written) => (written === 'nothing to do' ? written : 'done'),
      (error) => error.type,
    )
    counts[tag] = (counts[tag] ?? 0) + 1
  }
  return counts
}

const box = (id: string, version: number, state: Omit<Box, 'boxId'>, type?: string): Change =>
  put(boxes, { id, version, state: { boxId: id, ...state }, events: type === undefined ? [] : [{ type }] })

const shelf = (id: string, version: number, title: string): Change =>
  put(shelves, { id, version, state: { shelfId: id, title } })

const insertedBy = (position: number): string => `row-${String(position).padStart(6, '0')}`

/** How many rows the import of the workflow cases is of. */
export type WorkflowSize = { readonly importRows: number }

/**
 * Workflows of a shop written as commits: each would need a write path of its own if the kinds of change were too few.
 */
export const storageWorkflowCases = (size: WorkflowSize): readonly ContractCase<Storage>[] => [
  {
    name: 'an order takes stock on two lines of one SKU, a coupon, points, and relies on its books',
    run: async (create) => {
      const storage = await create()
      await begin(storage, [
        adjust(pieces, { id: 'sku@main', by: 5 }),
        box('coupon', 0, { status: 'claimed' }),
        box('points', 0, { size: 100 }),
        shelf('offers', 0, 'first'),
        shelf('tax', 0, 'first'),
      ])
      const plan = {
        coupon: row(boxes, 'coupon'),
        points: row(boxes, 'points'),
        offers: row(shelves, 'offers'),
        tax: row(shelves, 'tax'),
        stock: counters(pieces, ['sku@main']),
      }
      const place =
        (orderId: string) =>
        (facts: Facts<typeof plan>): Result<readonly Change[], Refused> => {
          const { coupon, points, offers, tax } = facts
          if (!coupon || !points || !offers || !tax) return err({ type: 'Missing' })
          if ((facts.stock.get('sku@main') ?? 0) < 4) return err({ type: 'OutOfStock' })
          if (coupon.state.status !== 'claimed') return err({ type: 'CouponTaken' })
          return ok([
            box(
              orderId,
              0,
              { status: 'awaitingPayment', lines: [{ lineId: '1', shelfId: 'sku', count: 3 }] },
              'OrderPlaced',
            ),
            adjust(pieces, { id: 'sku@main', by: -3 }),
            adjust(pieces, { id: 'sku@main', by: -1 }),
            box('coupon', coupon.version, { status: 'locked', note: orderId }),
            box('points', points.version, { size: (points.state.size ?? 0) - 40 }),
            expectRow(shelves, offers),
            expectRow(shelves, tax),
          ])
        }
      const stale = expectOk(await readFacts(storage, { shop, scope: { kind: 'all' }, at, plan }), 'stale')
      await begin(storage, [shelf('offers', 1, 'second')])
      const onStaleBook = expectOk(place('early')(stale), 'decide')
      const conflict = await commitChanges(storage, { shop, at, changes: onStaleBook })
      expectEqual(
        conflict.match(
          () => 'written',
          (error) => error,
        ),
        { type: 'VersionConflict', index: 5, key: { collection: shelves.name, id: 'offers' } },
        'a changed book',
      )
      expectEqual(count([await perform(storage, plan, place('order'))]), { done: 1 }, 'placed')
      expectEqual(count([await perform(storage, plan, place('next'))]), { OutOfStock: 1 }, 'four of one')
      const after = expectOk(
        await readFacts(storage, { shop, scope: { kind: 'all' }, at, plan: { ...plan, early: row(boxes, 'early') } }),
        'after',
      )
      expectEqual(
        [after.stock.get('sku@main'), after.coupon?.state.status, after.points?.state.size, after.early],
        [1, 'locked', 60, undefined],
        'state',
      )
    },
  },
  {
    name: 'a notification delivered 100 times at once moves the payment once and is booked once',
    run: async (create) => {
      const storage = await create()
      await begin(storage, [
        box('payment', 0, { status: 'processing' }),
        box('order', 0, { status: 'awaitingPayment' }),
      ])
      const plan = { payment: row(boxes, 'payment'), order: row(boxes, 'order') }
      const answers = await Promise.all(
        Array.from({ length: 100 }, () =>
          perform(storage, plan, ({ payment, order }) => {
            if (!payment || !order) return err({ type: 'Missing' })
            if (payment.state.status === 'captured') return ok([])
            return ok([
              box('payment', payment.version, { status: 'captured' }, 'PaymentCaptured'),
              box('order', order.version, { status: 'paid' }, 'OrderPaid'),
              append(notes, { id: 'capture:payment', body: { ownerId: 'ledger', at } }),
            ])
          }),
        ),
      )
      expectEqual(count(answers), { done: 1, 'nothing to do': 99 }, 'answers')
      const after = expectOk(
        await readFacts(storage, {
          shop,
          scope: { kind: 'all' },
          at,
          plan: { ...plan, ledger: entries(notes, { where: [], limit: 10 }) },
        }),
        'after',
      )
      expectEqual([after.payment?.version, after.order?.version, after.ledger.length], [2, 2, 1], 'written once')
    },
  },
  {
    name: 'a coupon is locked by one order, released, and locked again by another',
    run: async (create) => {
      const storage = await create()
      await begin(storage, [box('coupon', 0, { status: 'claimed' })])
      const plan = { coupon: row(boxes, 'coupon'), lock: claims('coupon-lock', ['coupon']) }
      const lock = (orderId: string) =>
        perform(storage, plan, ({ coupon, lock: held }) => {
          if (!coupon) return err({ type: 'Missing' })
          if (held.get('coupon') === orderId) return ok([])
          if (coupon.state.status !== 'claimed') return err({ type: 'CouponLocked' })
          return ok([
            box('coupon', coupon.version, { status: 'locked', note: orderId }),
            claim({ space: 'coupon-lock', key: 'coupon', owner: orderId }),
          ])
        })
      const both = await Promise.all([lock('one'), lock('two')])
      expectEqual(count(both), { done: 1, CouponLocked: 1 }, 'one of two')
      const holder = both[0]?.isOk() === true ? 'one' : 'two'
      expectEqual(count([await lock(holder)]), { 'nothing to do': 1 }, 'already mine')
      const released = await perform(storage, plan, ({ coupon }) =>
        coupon === undefined
          ? err({ type: 'Missing' })
          : ok([
              box('coupon', coupon.version, { status: 'claimed' }),
              release({ space: 'coupon-lock', key: 'coupon', owner: holder }),
            ]),
      )
      expectEqual(count([released]), { done: 1 }, 'released')
      expectEqual(count([await lock('three')]), { done: 1 }, 'locked again')
    },
  },
  {
    name: 'of 64 guesses at a code with 5 attempts exactly 5 are looked at, and the code is spent once',
    run: async (create) => {
      const storage = await create()
      await begin(storage, [box('challenge', 0, { status: 'open' })])
      let looked = 0
      let spent = 0
      const guess = async (isRight: boolean): Promise<void> => {
        // The attempt is paid for first; only a guess that got one is looked at.
        const paid = await commitChanges(storage, {
          shop,
          at,
          changes: [adjust(pieces, { id: 'attempts', by: -1, initial: 5 })],
        })
        if (paid.isErr()) return
        looked += 1
        if (!isRight) return
        const answer = await perform(storage, { challenge: row(boxes, 'challenge') }, ({ challenge }) =>
          challenge?.state.status === 'open'
            ? ok([box('challenge', challenge.version, { status: 'spent' })])
            : err({ type: 'Spent' }),
        )
        if (answer.isOk()) spent += 1
      }
      await Promise.all(Array.from({ length: 64 }, () => guess(true)))
      expectEqual([looked, spent], [5, 1], 'looked at and spent')
    },
  },
  {
    name: 'points spent from two devices at once are spent once',
    run: async (create) => {
      const storage = await create()
      await begin(storage, [box('points', 0, { size: 100 })])
      const spend = (device: string) =>
        perform(storage, { points: row(boxes, 'points') }, ({ points }) => {
          const balance = points?.state.size ?? 0
          if (points === undefined || balance < 60) return err({ type: 'NotEnoughPoints' })
          return ok([
            box('points', points.version, { size: balance - 60 }),
            append(notes, { id: `spend:${device}`, body: { ownerId: 'ann', at } }),
          ])
        })
      const answers = await Promise.all([spend('phone'), spend('laptop')])
      expectEqual(count(answers), { done: 1, NotEnoughPoints: 1 }, 'answers')
    },
  },
  {
    name: 'a refund and a dispute that open at once do not both take the money',
    run: async (create) => {
      const storage = await create()
      for (let round = 0; round < 8; round += 1) {
        const id = `payment-${round}`
        await begin(storage, [box(id, 0, { status: 'captured', size: 100 })])
        const plan = { payment: row(boxes, id) }
        const take = (status: string) =>
          perform(storage, plan, ({ payment }) => {
            if (payment === undefined) return err({ type: 'Missing' })
            if (payment.state.status !== 'captured') return err({ type: 'AlreadyTaken' })
            return ok([box(id, payment.version, { status, size: 0 }, 'MoneyTaken')])
          })
        expectEqual(count(await Promise.all([take('refunding'), take('disputed')])), { done: 1, AlreadyTaken: 1 }, id)
      }
    },
  },
  {
    name: "a guest's cart is merged in one commit while something is still added to it, and no piece is lost",
    run: async (create) => {
      const storage = await create()
      await begin(storage, [
        box('guest', 0, { size: 2, status: 'open' }),
        box('account', 0, { size: 3, status: 'open' }),
      ])
      const merge = perform(
        storage,
        { guest: row(boxes, 'guest'), account: row(boxes, 'account') },
        ({ guest, account }) => {
          if (!guest || !account) return err({ type: 'Missing' })
          const sum = (guest.state.size ?? 0) + (account.state.size ?? 0)
          return ok([
            box('account', account.version, { size: sum, status: 'open' }),
            box('guest', guest.version, { size: 0, status: 'merged' }),
          ])
        },
      )
      const add = perform(
        storage,
        { guest: row(boxes, 'guest'), account: row(boxes, 'account') },
        ({ guest, account }) => {
          if (!guest || !account) return err({ type: 'Missing' })
          // A visitor who has signed in meanwhile goes on in the account's cart.
          const target = guest.state.status === 'merged' ? account : guest
          return ok([box(target.id, target.version, { size: (target.state.size ?? 0) + 1, status: 'open' })])
        },
      )
      expectEqual(count(await Promise.all([merge, add])), { done: 2 }, 'answers')
      const after = expectOk(
        await readFacts(storage, {
          shop,
          scope: { kind: 'all' },
          at,
          plan: { guest: row(boxes, 'guest'), account: row(boxes, 'account') },
        }),
        'after',
      )
      expectEqual((after.guest?.state.size ?? 0) + (after.account?.state.size ?? 0), 6, 'pieces')
    },
  },
  {
    name: 'an erased account gives back its identifier and its key, and nothing relies on it afterwards',
    run: async (create) => {
      const storage = await create()
      await begin(storage, [
        box('account', 0, { status: 'active', ownerId: 'account' }),
        shelf('key-of-account', 0, 'wrapped'),
        claim({ space: 'identifier', key: 'digest', owner: 'account' }),
      ])
      const plan = {
        account: row(boxes, 'account'),
        key: row(shelves, 'key-of-account'),
        names: claims('identifier', ['digest']),
      }
      const before = expectOk(await readFacts(storage, { shop, scope: { kind: 'all' }, at, plan }), 'before')
      const erased = await perform(storage, plan, ({ account, key }) =>
        account === undefined || key === undefined
          ? err({ type: 'Missing' })
          : ok([
              box('account', account.version, { status: 'erased' }, 'AccountErased'),
              removeRow(shelves, key),
              release({ space: 'identifier', key: 'digest', owner: 'account' }),
            ]),
      )
      expectEqual(count([erased]), { done: 1 }, 'erased')
      const late = await commitChanges(storage, {
        shop,
        at,
        changes: [
          box('order', 0, { ownerId: 'account' }),
          expectRow(shelves, { id: 'key-of-account', version: before.key?.version ?? 1 }),
        ],
      })
      expectEqual(
        late.match(
          () => 'written',
          (error) => error.type,
        ),
        'VersionConflict',
        'an order that knew the account',
      )
      const again = await commitChanges(storage, {
        shop,
        at,
        changes: [claim({ space: 'identifier', key: 'digest', owner: 'newcomer' })],
      })
      expectTrue(again.isOk(), 'the identifier is free')
    },
  },
  {
    name: `an import of ${size.importRows} rows writes the good ones and names the bad ones`,
    run: async (create) => {
      const storage = await create()
      const batch = 500
      const isBad = (position: number): boolean => position % 997 === 3
      let written = 0
      const refused: number[] = []
      // Every bad row is a row that exists already.
      const taken = Array.from({ length: size.importRows }, (_, position) => position).filter(isBad)
      for (let start = 0; start < taken.length; start += batch) {
        await begin(
          storage,
          taken.slice(start, start + batch).map((position) => shelf(insertedBy(position), 0, 'taken')),
        )
      }
      for (let start = 0; start < size.importRows; start += batch) {
        const positions = Array.from(
          { length: Math.min(batch, size.importRows - start) },
          (_, offset) => start + offset,
        )
        const commits = positions.map((position) =>
          expectOk(
            prepareCommit({ shop, at, changes: [shelf(insertedBy(position), 0, `product ${position}`)] }),
            'prepare',
          ),
        )
        const answers = expectOk(await storage.commitEach(commits), 'commitEach')
        for (const [offset, answer] of answers.entries()) {
          if (answer.isOk()) written += 1
          else refused.push(start + offset)
        }
      }
      expectEqual(refused, taken, 'bad rows')
      expectEqual(written, size.importRows - taken.length, 'good rows')
    },
  },
]
