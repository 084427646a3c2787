import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GatewayBillRow } from '../../src/payments/gateway-bill.js'
import { reconcile } from '../../src/payments/reconcile.js'
import { feeMinorOf, type LedgerRow, type Reconciled } from '../../src/payments/reconcile-row.js'

/** 2026-11-11 in Shanghai. */
const day = { from: Date.UTC(2026, 10, 10, 16), to: Date.UTC(2026, 10, 11, 16) }
const noon = day.from + 12 * 3_600_000

const row = (reference: string, facts: Partial<LedgerRow> = {}): LedgerRow => ({
  kind: 'payment',
  reference,
  orderId: `order-of-${reference}`,
  status: 'succeeded',
  currency: 'CNY',
  amountMinor: 8_888,
  feeMinor: 53,
  at: noon,
  payable: null,
  ...facts,
})

const billed = ({ kind, reference, currency, amountMinor, feeMinor, at }: LedgerRow): GatewayBillRow => ({
  kind,
  reference,
  attemptRef: reference,
  gatewayRef: `gw-${reference}`,
  status: 'succeeded',
  currency,
  amountMinor,
  fee: feeMinor === null ? null : { value: feeMinor * 1000, scale: 5 },
  at,
})

const run = async (
  ledger: Iterable<LedgerRow> | AsyncIterable<LedgerRow>,
  bill: Iterable<GatewayBillRow> | AsyncIterable<GatewayBillRow>,
  covered = day,
) => {
  const told: Reconciled[] = []
  const result = await reconcile({ ledger, bill, day, covered, tell: (each) => told.push(each) })
  return { told, result, kinds: told.map(({ kind }) => kind), totals: () => result._unsafeUnwrap() }
}

const one = async (ours: LedgerRow | null, theirs: GatewayBillRow | null) =>
  (await run(ours === null ? [] : [ours], theirs === null ? [] : [theirs])).kinds

describe('a bill against the ledger', () => {
  it('scenario 18: of a bill that fits, one row deleted, one a cent more and one twice are found, and nothing else', async () => {
    const ledger = Array.from({ length: 40 }, (_, n) =>
      row(`pay-${String(n).padStart(3, '0')}`, { amountMinor: 100 + n }),
    )
    const whole = ledger.map(billed)
    expect((await run(ledger, whole)).totals().counts).toMatchObject({ matched: 40 })
    const damaged = whole.flatMap((each, n) => {
      if (n === 7) return []
      if (n === 19) return [{ ...each, amountMinor: each.amountMinor + 1 }]
      return n === 31 ? [each, each] : [each]
    })
    const { told, totals } = await run(ledger, damaged)
    const found = told.filter(({ kind }) => kind !== 'matched')
    expect(found.map(({ kind, ours, theirs }) => [kind, (ours ?? theirs)?.reference])).toEqual([
      ['missingInBill', 'pay-007'],
      ['amountDiff', 'pay-019'],
      ['duplicate', 'pay-031'],
    ])
    expect(totals().counts).toMatchObject({ matched: 38, missingInBill: 1, amountDiff: 1, duplicate: 1, feeDiff: 0 })
  })

  it('tells of each way in which two sides can differ', async () => {
    const paid = row('a')
    expect(await one(paid, billed(paid))).toEqual(['matched'])
    expect(await one(null, billed(paid))).toEqual(['missingInLedger'])
    expect(await one(paid, null)).toEqual(['missingInBill'])
    expect(await one(paid, { ...billed(paid), currency: 'HKD' })).toEqual(['amountDiff'])
    expect(await one(paid, { ...billed(paid), status: 'failed' })).toEqual(['statusDiff'])
    expect(await one(paid, { ...billed(paid), status: 'pending' })).toEqual(['statusDiff'])
    expect(await one(paid, { ...billed(paid), fee: { value: 54, scale: 2 } })).toEqual(['feeDiff'])
    expect(await one(row('a', { status: 'failed' }), billed(paid))).toEqual(['statusDiff'])
    expect(await one(row('a', { status: 'failed' }), null)).toEqual(['noMoney'])
  })

  it('keeps a payment and a refund of one reference apart', async () => {
    const both = [row('a'), row('a', { kind: 'refund', feeMinor: null })]
    expect((await run(both, both.map(billed))).kinds).toEqual(['matched', 'matched'])
  })

  it('leaves what the ledger has of another day to the bill of that day, and takes the last moment of its own', async () => {
    expect(await one(row('a', { at: day.to }), null)).toEqual(['otherDay'])
    expect(await one(row('a', { at: day.from - 1 }), null)).toEqual(['otherDay'])
    expect(await one(row('a', { at: day.to - 1 }), null)).toEqual(['missingInBill'])
    // A clock that differs by a second does not part two rows that are one.
    const late = row('a', { at: day.to + 1 })
    expect(await one(late, billed(late))).toEqual(['matched'])
  })

  it('leaves to the next bill what that may have, and tells of what it was left and has not', async () => {
    const refund = (at: number) => row('a', { kind: 'refund', feeMinor: null, at, billedBy: at + 86_400_000 })
    const kindsOf = async (ours: LedgerRow, theirs: GatewayBillRow | null, isBilled: boolean, isCarried: boolean) => {
      const told: Reconciled[] = []
      const before = { isBilled: () => isBilled, isCarried: () => isCarried }
      const bill = theirs === null ? [] : [theirs]
      const result = await reconcile({ ledger: [ours], bill, day, before, tell: (each) => told.push(each) })
      // What lies between two days is in the sums of neither.
      if (told[0]?.kind === 'inTransit') expect(result._unsafeUnwrap().sums).toEqual([])
      return told.map(({ kind }) => kind)
    }
    expect(await kindsOf(refund(noon), null, false, false)).toEqual(['inTransit'])
    expect(await kindsOf(refund(noon), null, true, false)).toEqual(['otherDay'])
    expect(await kindsOf(refund(noon - 86_400_000), null, false, true)).toEqual(['missingInBill'])
    expect(await kindsOf(refund(noon - 86_400_000), null, false, false)).toEqual(['otherDay'])
    const underWay = { ...billed(refund(noon)), status: 'pending' as const }
    expect(await kindsOf(refund(day.to), underWay, false, false)).toEqual(['inTransit'])
    expect(await kindsOf(refund(day.to - 1), underWay, false, false)).toEqual(['statusDiff'])
    // That one part of a payment was billed says nothing of another.
    const part = { fromMinor: 0, settledMinor: 8_888 }
    expect(await kindsOf(row('a', { part }), null, true, true)).toEqual(['missingInBill'])
  })

  it('learns of what was open from the bill: that it was paid, or that it was not while it could be', async () => {
    const payable = { from: noon, to: noon + 1_800_000 }
    const open = row('a', { status: 'open', feeMinor: null, payable })
    expect(await one(open, billed(open))).toEqual(['learnSucceeded'])
    expect(await one(open, null)).toEqual(['learnNotFound'])
    expect(await one(open, { ...billed(open), amountMinor: 1 })).toEqual(['amountDiff'])
    const late = { ...open, payable: { from: day.to - 60_000, to: day.to + 60_000 } }
    expect(await one(late, null)).toEqual(['noMoney'])
    const early = { ...open, payable: { from: day.from - 60_000, to: day.from + 60_000 } }
    expect(await one(early, null)).toEqual(['noMoney'])
    // With the bill of the day before read too, nothing is left in which it could have been paid.
    expect((await run([early], [], { from: day.from - 86_400_000, to: day.to })).kinds).toEqual(['learnNotFound'])
    const refund = row('a', { kind: 'refund', status: 'open', feeMinor: null })
    expect(await one(refund, billed(refund))).toEqual(['learnSucceeded'])
    expect(await one(refund, { ...billed(refund), status: 'pending' })).toEqual(['matched'])
    expect(await one(refund, { ...billed(refund), status: 'failed' })).toEqual(['statusDiff'])
    expect(await one(refund, null)).toEqual(['noMoney'])
  })

  it('learns a fee that only the bill knows, and doubts one that goes the wrong way', async () => {
    const silent = row('a', { feeMinor: null })
    const fee = (value: number) => ({ ...billed(silent), fee: { value, scale: 5 } })
    expect(await one(silent, fee(53_000))).toEqual(['learnFee'])
    expect(await one(silent, fee(0))).toEqual(['matched'])
    // 0.00400 CNY is no fen, 0.00500 is one.
    expect(await one(silent, fee(400))).toEqual(['matched'])
    expect(await one(silent, fee(500))).toEqual(['learnFee'])
    expect(await one(silent, fee(-1_000))).toEqual(['feeDiff'])
    const refund = { ...silent, kind: 'refund' as const }
    expect(await one(refund, { ...billed(refund), fee: { value: -53_000, scale: 5 } })).toEqual(['learnFee'])
    expect(await one(refund, { ...billed(refund), fee: { value: 53_000, scale: 5 } })).toEqual(['feeDiff'])
  })

  it('sums both sides: payments less refunds, fees to the last decimal', async () => {
    const ledger = [
      row('a', { amountMinor: 1_000, feeMinor: 6 }),
      row('b', { kind: 'refund', amountMinor: 300, feeMinor: null }),
    ]
    const bill = ledger.map((each) => ({
      ...billed(each),
      fee: { value: each.kind === 'payment' ? 6_400 : -1_920, scale: 5 },
    }))
    expect((await run(ledger, bill)).totals().sums).toEqual([
      { currency: 'CNY', ledgerMinor: 700, billMinor: 700, ledgerFeeMinor: 6, billFee: { value: 448, scale: 4 } },
    ])
  })

  it('refuses rows that are not sorted, and tells of a source that breaks off', async () => {
    const backwards = [row('b'), row('a')]
    expect((await run(backwards, [])).result._unsafeUnwrapErr()).toEqual({
      type: 'RowsNotSorted',
      side: 'ledger',
      reference: 'a',
    })
    expect((await run([], backwards.map(billed))).result._unsafeUnwrapErr()).toMatchObject({ side: 'bill' })
    const broken = async function* () {
      yield billed(row('a'))
      throw new Error('https://bills.example/2026-03-10?token=secret is gone')
    }
    expect((await run([row('a')], broken())).result._unsafeUnwrapErr()).toEqual({
      type: 'ReconcileInterrupted',
      stage: 'bill',
      fault: 'Error',
    })
  })

  it('says which side broke off, or that whoever was told did, and nothing of what was thrown', async () => {
    const secret = new TypeError('https://ledger.example?token=secret')
    const broken = async function* () {
      yield row('a')
      throw secret
    }
    const failure = { type: 'ReconcileInterrupted', fault: 'TypeError' }
    expect((await run(broken(), [billed(row('a'))])).result._unsafeUnwrapErr()).toEqual({ ...failure, stage: 'ledger' })
    for (const ledger of [[row('a')], [row('a'), row('a')]]) {
      const tell = () => {
        throw secret
      }
      const told = await reconcile({ ledger, bill: [billed(row('a'))], day, tell })
      expect(told._unsafeUnwrapErr()).toEqual({ ...failure, stage: 'listener' })
    }
  })

  it('closes both sides, also when one is refused', async () => {
    const closed: string[] = []
    const watched = async function* <Row>(name: string, rows: readonly Row[]) {
      try {
        yield* rows
      } finally {
        closed.push(name)
      }
    }
    await run(watched('ledger', [row('b'), row('a')]), watched('bill', [billed(row('c'))]))
    expect(closed.sort()).toEqual(['bill', 'ledger'])
  })
})

describe('several rows of one thing in a bill', () => {
  const held = row('a', { amountMinor: 10_000, feeMinor: 60, part: { fromMinor: 0, settledMinor: 10_000 } })
  const part = (gatewayRef: string | null, amountMinor: number, feeMinor: number, at = noon): GatewayBillRow => ({
    ...billed(held),
    gatewayRef,
    amountMinor,
    fee: { value: feeMinor, scale: 2 },
    at,
  })

  it('are added up: 60.00 at 0.36 and 40.00 at 0.24 are 100.00 at 0.60', async () => {
    const bill = [part('cap_2', 4_000, 24, noon + 60_000), part('cap_1', 6_000, 36)]
    const { told, totals } = await run([held], bill)
    const theirs = { ...part(null, 10_000, 60, noon + 60_000) }
    expect(told).toEqual([{ kind: 'matched', ours: held, theirs }])
    expect(totals().sums).toEqual([
      { currency: 'CNY', ledgerMinor: 10_000, billMinor: 10_000, ledgerFeeMinor: 60, billFee: { value: 6, scale: 1 } },
    ])
    const dearer = await run([held], [part('cap_1', 6_001, 36), part('cap_2', 4_000, 24)])
    expect(dearer.told).toMatchObject([{ kind: 'amountDiff', theirs: { amountMinor: 10_001 } }])
    const unknown = await run([], bill)
    expect(unknown.told).toMatchObject([{ kind: 'missingInLedger', theirs: { amountMinor: 10_000 } }])
  })

  it('are added up of a refund that went back in two parts, with their fees', async () => {
    const refund = row('r', { kind: 'refund', amountMinor: 5_000, feeMinor: -30 })
    const bill = [
      { ...billed(refund), gatewayRef: 'R1', amountMinor: 2_000, fee: { value: -120, scale: 3 } },
      { ...billed(refund), gatewayRef: 'R2', amountMinor: 3_000, fee: { value: -18, scale: 2 } },
    ]
    expect((await run([refund], bill)).kinds).toEqual(['matched'])
    const silent = bill.map((each, place) => (place === 0 ? { ...each, fee: null } : each))
    expect((await run([refund], silent)).told).toMatchObject([{ kind: 'matched', theirs: { fee: null } }])
  })

  it('are no parts where the same row comes again, or one of another status or currency', async () => {
    const whole = part('cap_1', 10_000, 60)
    expect((await run([held], [whole, whole])).kinds).toEqual(['matched', 'duplicate'])
    const revoked = { ...whole, status: 'failed' as const }
    expect((await run([held], [revoked, whole])).told).toEqual([
      { kind: 'matched', ours: held, theirs: whole },
      { kind: 'duplicate', ours: null, theirs: revoked },
    ])
    expect((await run([held], [whole, { ...whole, currency: 'USD' }])).kinds).toEqual(['matched', 'duplicate'])
    const halves = [part('cap_1', 6_000, 36), part('cap_2', 4_000, 24), part('cap_1', 6_000, 36)]
    expect((await run([held], halves)).kinds).toEqual(['matched', 'duplicate'])
  })

  it('are a payment and what was paid beside it where it is taken at once', async () => {
    const paid = row('a', { amountMinor: 10_000, feeMinor: 60 })
    const bill = [part('cap_2', 10_000, 60, noon + 60_000), part('cap_1', 10_000, 60)]
    expect((await run([paid], bill)).told).toMatchObject([
      { kind: 'matched', theirs: { gatewayRef: 'cap_1' } },
      { kind: 'duplicate', theirs: { gatewayRef: 'cap_2' } },
    ])
    const open = row('a', { status: 'open', amountMinor: 10_000, feeMinor: null })
    expect((await run([open], bill)).kinds).toEqual(['learnSucceeded', 'duplicate'])
  })

  it('tell of a capture whose answer was lost, with those before it', async () => {
    const first = { amountMinor: 6_000, feeMinor: 36 }
    const lost = row('a', { ...first, part: { fromMinor: 0, settledMinor: null, askedMinor: 4_000 } })
    expect((await run([lost], [part('cap_1', 6_000, 36)])).kinds).toEqual(['matched'])
    const both = [part('cap_1', 6_000, 36), part('cap_2', 4_000, 24)]
    expect((await run([lost], both)).kinds).toEqual(['learnSucceeded'])
    expect((await run([lost], [part('cap_1', 6_000, 36), part('cap_2', 4_001, 24)])).kinds).toEqual(['amountDiff'])
  })

  it('that come to more than can be counted are refused', async () => {
    const bill = [part('cap_1', Number.MAX_SAFE_INTEGER, 0), part('cap_2', 1, 0)]
    expect((await run([held], bill)).result._unsafeUnwrapErr()).toMatchObject({ type: 'AmountOverflow' })
  })
})

describe('a fee in minor units', () => {
  it('is rounded once, at the decimals of its currency', () => {
    const of = (value: number, scale: number, currency: string) =>
      feeMinorOf({ value, scale }, currency)._unsafeUnwrap()
    expect(of(1_000, 5, 'CNY')).toBe(1)
    expect(of(-1_500, 5, 'CNY')).toBe(-2)
    expect(of(3, 0, 'CNY')).toBe(300)
    expect(of(149_999, 5, 'JPY')).toBe(1)
    expect(of(12_345, 5, 'KWD')).toBe(123)
    expect(feeMinorOf({ value: 1, scale: 2 }, 'XXX')._unsafeUnwrapErr()).toEqual({
      type: 'UnknownCurrency',
      currency: 'XXX',
    })
  })
})

const sides = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 })
  .chain((numbers) =>
    fc.tuple(
      fc.constant([...numbers].sort((a, b) => a - b)),
      fc.array(
        fc.record({
          inLedger: fc.boolean(),
          times: fc.integer({ min: 0, max: 2 }),
          ours: fc.constantFrom('succeeded' as const, 'failed' as const, 'open' as const),
          theirs: fc.constantFrom('succeeded' as const, 'failed' as const, 'pending' as const),
          off: fc.constantFrom(0, 0, 0, 1),
          fee: fc.constantFrom(null, 0, 53),
          billFee: fc.constantFrom(null, 0, 53),
          kind: fc.constantFrom('payment' as const, 'refund' as const),
        }),
        { minLength: numbers.length, maxLength: numbers.length },
      ),
    ),
  )
  .map(([numbers, choices]) => {
    const ledger: LedgerRow[] = []
    const bill: GatewayBillRow[] = []
    for (const [place, number] of numbers.entries()) {
      const choice = choices[place]
      if (choice === undefined) continue
      const ours = row(`r-${String(number).padStart(2, '0')}`, {
        kind: choice.kind,
        status: choice.ours,
        feeMinor: choice.fee,
        at: noon,
      })
      if (choice.inLedger) ledger.push(ours)
      for (let copy = 0; copy < choice.times; copy += 1) {
        const fee = choice.billFee === null ? null : { value: choice.billFee, scale: 2 }
        bill.push({ ...billed(ours), status: choice.theirs, amountMinor: ours.amountMinor + choice.off, fee })
      }
    }
    return { ledger, bill }
  })

describe('of any two sides', () => {
  it('every row is told once, in one way, and the counts are of what was told', async () => {
    await fc.assert(
      fc.asyncProperty(sides, async ({ ledger, bill }) => {
        const { told, totals } = await run(ledger, bill)
        expect(told.flatMap(({ ours }) => ours ?? []).map(({ reference }) => reference)).toEqual(
          ledger.map(({ reference }) => reference),
        )
        expect(told.flatMap(({ theirs }) => theirs ?? []).length).toBe(bill.length)
        const { counts } = totals()
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(told.length)
      }),
    )
  })

  it('the answer is the same again, and the same of rows that come one by one', async () => {
    const slowly = async function* <Row>(rows: readonly Row[]) {
      for (const each of rows) yield await Promise.resolve(each)
    }
    await fc.assert(
      fc.asyncProperty(sides, async ({ ledger, bill }) => {
        const once = await run(ledger, bill)
        const again = await run(slowly(ledger), slowly(bill))
        expect(again.told).toEqual(once.told)
        expect(again.totals()).toEqual(once.totals())
      }),
    )
  })

  it('a ledger held against its own rows has nothing to find', async () => {
    await fc.assert(
      fc.asyncProperty(sides, async ({ ledger }) => {
        const done = ledger.map((each) => ({ ...each, status: 'succeeded' as const }))
        expect(new Set((await run(done, done.map(billed))).kinds)).toEqual(
          new Set(done.length === 0 ? [] : ['matched']),
        )
      }),
    )
  })

  it('a bill says the same in whatever parts, and in whatever order of them, and one unit more is found', async () => {
    const parts = fc.array(fc.record({ share: fc.integer({ min: 1, max: 9 }), die: fc.nat() }), {
      minLength: 1,
      maxLength: 4,
    })
    const any = fc.tuple(sides, fc.infiniteStream(parts), fc.boolean(), fc.nat())
    await fc.assert(
      fc.asyncProperty(any, async ([{ ledger }, stream, slow, unlucky]) => {
        const taken = { fromMinor: 0, settledMinor: null }
        const done = ledger.map((each) => ({ ...each, status: 'succeeded' as const, amountMinor: 8_888, part: taken }))
        const whole = done.map(billed)
        const split = whole.flatMap((each) => {
          const made = divide(each, stream.next().value ?? [])
          return made.sort((one, other) => one.die - other.die).map(({ row: part }) => part)
        })
        const slowly = async function* () {
          for (const each of split) yield await Promise.resolve(each)
        }
        const once = await run(done, whole)
        const inParts = await run(done, slow ? slowly() : split)
        expect(new Set(inParts.kinds)).toEqual(new Set(done.length === 0 ? [] : ['matched']))
        expect(inParts.totals()).toEqual(once.totals())

        const place = unlucky % Math.max(1, split.length)
        const dearer = split.map((each, at) => (at === place ? { ...each, amountMinor: each.amountMinor + 1 } : each))
        const found = (await run(done, dearer)).told.filter(({ kind }) => kind !== 'matched')
        expect(found.map(({ kind, ours }) => [kind, ours?.reference])).toEqual(
          split.length === 0 ? [] : [['amountDiff', split[place]?.reference]],
        )
      }),
    )
  })
})

/** A row of a bill in parts, each with a name of its own and a place by chance. */
const divide = (whole: GatewayBillRow, parts: readonly { readonly share: number; readonly die: number }[]) => {
  const shares = parts.reduce((sum, { share }) => sum + share, 0)
  const feeMinor = whole.fee?.value ?? 0
  let left = { amountMinor: whole.amountMinor, feeMinor }
  return parts.map(({ share, die }, place) => {
    const isLast = place === parts.length - 1
    const of = (minor: number) => Math.floor((minor * share) / shares)
    const own = isLast ? left : { amountMinor: of(whole.amountMinor), feeMinor: of(feeMinor) }
    left = { amountMinor: left.amountMinor - own.amountMinor, feeMinor: left.feeMinor - own.feeMinor }
    const fee = whole.fee === null ? null : { ...whole.fee, value: own.feeMinor }
    return { die, row: { ...whole, gatewayRef: `part-${place}`, amountMinor: own.amountMinor, fee } }
  })
}
