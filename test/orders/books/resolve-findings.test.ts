import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Found } from '../../../src/orders/books/bill-findings.js'
import { gatherFindings, openAmong } from '../../../src/orders/books/gather-findings.js'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { findingsCsv, findingsJsonLines } from '../../../src/orders/books/render-findings.js'
import { reopenFindings } from '../../../src/orders/books/reopen-findings.js'
import { resolveFindings } from '../../../src/orders/books/resolve-findings.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import { listReconciliations } from '../../../src/payments/list-reconciliations.js'
import { type KeptFinding, mostFindings, type Reconciliation } from '../../../src/payments/reconciliation.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs } from '../../../src/shared/instant.js'
import { entries } from '../../../src/shared/read-plan.js'
import { ask } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const note = 'Looked into.'
const day = { gatewayId: 'sandbox', day: '2026-03-10', timeZone: 'Asia/Shanghai' }
const reconciliationId = 'sandbox/2026-03-10'
const run = async (shop: TestShop, source: readonly GatewayBillRow[]) =>
  value(await reconcileBill(shop, byStaff(), { ...day, source }))

const openOnes = async (shop: TestShop) =>
  value(await listReconciliations(shop, byStaff(), { open: true })).reconciliations.map((each) => [
    each.reconciliationId,
    each.openCount,
  ])

/** Two orders of 137.00; the bill has one of them for 137.01, and the other not at all. */
const openDamaged = async () => {
  const shop = await openShop()
  for (const buyer of ['ann', 'bob']) {
    await fillCart(shop, buyer, [['kettle', 1]])
    await pay(shop, buyer, (await place(shop, buyer)).orderId)
  }
  shop.pass(daysMs)
  const [paid] = shop.gateway.books().payments
  const { attemptRef = '', currency = '', capturedMinor = 0, at = 0 } = paid ?? {}
  const billed = (amountMinor: number): GatewayBillRow => ({
    kind: 'payment',
    ...{ reference: attemptRef, attemptRef, gatewayRef: null, status: 'succeeded', currency },
    ...{ amountMinor, fee: null, at },
  })
  expect(capturedMinor).toBe(13_700)
  return { shop, billed }
}

describe('the findings of a bill', () => {
  it('are open until a person has said what came of them, also when the bill is read again', async () => {
    const { shop, billed } = await openDamaged()
    const { findings, ...found } = await run(shop, [billed(13_701)])
    expect(found).toMatchObject({ findingCount: 2, openCount: 2, openSince: shop.clock.now() })
    const [amount, missing] = ['amountDiff', 'missingInBill'].map((kind) => findings.find((each) => each.kind === kind))
    expect(findings.map(({ resolved }) => resolved)).toEqual([null, null])
    expect(await openOnes(shop)).toEqual([[reconciliationId, 2]])

    const at = shop.clock.now()
    const note = 'The gateway puts it right on the next bill.'
    const about = { reconciliationId, findingIds: [amount?.findingId ?? ''], note }
    expect(value(await resolveFindings(shop, byStaff('once'), about))).toEqual({ reconciliationId, openCount: 1 })
    expect(value(await resolveFindings(shop, byStaff('once'), about))).toEqual({ reconciliationId, openCount: 1 })

    shop.pass(daysMs)
    const again = await run(shop, [billed(13_701)])
    expect(again).toMatchObject({ findingCount: 2, openCount: 1, openSince: at })
    const resolved = { note, by: expect.stringMatching(/^staff:/), at }
    expect(again.findings.find(({ kind }) => kind === 'amountDiff')).toMatchObject({ foundAt: at, resolved })

    // Another amount is another finding; the one before is not forgotten.
    expect(await run(shop, [billed(13_702)])).toMatchObject({ findingCount: 2, openCount: 2 })
    expect(await run(shop, [billed(13_701)])).toMatchObject({ findingCount: 2, openCount: 1 })
    value(await resolveFindings(shop, byStaff(), { ...about, findingIds: [missing?.findingId ?? ''] }))
    expect(await openOnes(shop)).toEqual([])
    expect(await run(shop, [billed(13_701)])).toMatchObject({ findingCount: 2, openCount: 0, openSince: null })
  })

  it('are named by every turn of the sweep once they have been open for three days', async () => {
    const { shop, billed } = await openDamaged()
    const { findings } = await run(shop, [billed(13_701)])
    const told = async () => value(await settlePayments(shop, { limit: 10 })).failed
    shop.pass(3 * daysMs - 1)
    await run(shop, [billed(13_701)])
    expect(await told()).toEqual([])
    shop.pass(1)
    for (const _turn of [1, 2]) expect(await told()).toEqual([{ id: reconciliationId, reason: 'FindingOverdue' }])
    const findingIds = findings.map(({ findingId }) => findingId)
    value(await resolveFindings(shop, byStaff(), { reconciliationId, findingIds, note: 'Looked into.' }))
    expect(await told()).toEqual([])
  })

  it('are resolved for good also while the bill is read again', async () => {
    const { shop, billed } = await openDamaged()
    const { findings } = await run(shop, [billed(13_701)])
    const input = { reconciliationId, findingIds: findings.map(({ findingId }) => findingId), note: 'Looked into.' }
    let resolving: ReturnType<typeof resolveFindings> | undefined
    const onFinding = () => {
      resolving ??= resolveFindings(shop, byStaff(), input)
    }
    value(await reconcileBill(shop, byStaff(), { ...day, source: [billed(13_701)], onFinding }))
    expect(await resolving).toMatchObject({ value: { openCount: 0 } })
    expect(await openOnes(shop)).toEqual([])
    expect(await run(shop, [billed(13_701)])).toMatchObject({ findingCount: 2, openCount: 0 })
  })

  it('are opened again by who says why, known since they were found, and may be resolved anew', async () => {
    const { shop, billed } = await openDamaged()
    const { findings } = await run(shop, [billed(13_701)])
    const foundAt = shop.clock.now()
    const [first, second] = findings.map(({ findingId }) => findingId)
    const findingIds = [first ?? '']
    value(await resolveFindings(shop, byStaff(), { reconciliationId, findingIds: [...findingIds, second ?? ''], note }))
    shop.pass(daysMs)
    const reopening = { reconciliationId, findingIds, note: 'The gateway did not put it right.' }
    const at = shop.clock.now()
    for (const _time of [1, 2]) {
      expect(value(await reopenFindings(shop, byStaff('once'), reopening))).toEqual({ reconciliationId, openCount: 1 })
    }
    expect(await openOnes(shop)).toEqual([[reconciliationId, 1]])
    const reopened = { note: reopening.note, by: expect.stringMatching(/^staff:/), at }
    const shown = async () => {
      const { reconciliations } = value(await listReconciliations(shop, byStaff(), {}))
      return reconciliations[0]?.findings.find(({ findingId }) => findingId === first)
    }
    expect(await shown()).toMatchObject({ foundAt, resolved: null, reopened })
    // Reading the bill again keeps what was said of it.
    expect(await run(shop, [billed(13_701)])).toMatchObject({ openCount: 1, openSince: foundAt })
    expect(await shown()).toMatchObject({ foundAt, resolved: null, reopened })
    const audit = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
    const done = audit.filter(({ body }) => body.subject === reconciliationId && body.action.endsWith('Findings'))
    expect(done.map(({ body: { action, detail } }) => `${action} ${detail}`).sort()).toEqual([
      'orders.reopenFindings 1',
      'orders.resolveFindings 2',
    ])

    value(await resolveFindings(shop, byStaff(), { reconciliationId, findingIds, note: 'Now it did.' }))
    const again = await shown()
    expect(again).toMatchObject({ resolved: { note: 'Now it did.' } })
    expect(again).not.toHaveProperty('reopened')
    expect(await openOnes(shop)).toEqual([])
  })

  it('are opened again by staff alone, with a reason, and only where they were resolved', async () => {
    const { shop, billed } = await openDamaged()
    const { findings } = await run(shop, [billed(13_701)])
    const [first = '', second = ''] = findings.map(({ findingId }) => findingId)
    value(await resolveFindings(shop, byStaff(), { reconciliationId, findingIds: [first], note }))
    const input = { reconciliationId, findingIds: [first], note: 'Not so.' }
    const refused = async (context: ReturnType<typeof byStaff>, changed: Partial<typeof input>) =>
      (await reopenFindings(shop, context, { ...input, ...changed })).match(
        () => 'ok',
        (error) => (error.type === 'NotFound' ? `${error.type} ${error.entity}` : error.type),
      )
    expect(await refused(by('ann'), {})).toBe('Denied')
    expect(await refused(byStaff(), { note: ' ' })).toBe('InvalidInput')
    expect(await refused(byStaff(), { reconciliationId: 'sandbox/2026-03-11' })).toBe('NotFound reconciliation')
    expect(await refused(byStaff(), { findingIds: [first, second] })).toBe('NotFound finding')
    expect(await openOnes(shop)).toEqual([[reconciliationId, 1]])
  })

  it('are resolved by staff alone, each by its id, with a note', async () => {
    const { shop, billed } = await openDamaged()
    const { findings } = await run(shop, [billed(13_701)])
    const findingIds = findings.map(({ findingId }) => findingId)
    const input = { reconciliationId, findingIds, note: 'Looked into.' }
    const refused = async (context: ReturnType<typeof byStaff>, changed: Partial<typeof input>) =>
      (await resolveFindings(shop, context, { ...input, ...changed })).match(
        () => 'ok',
        (error) => (error.type === 'NotFound' ? `${error.type} ${error.entity}` : error.type),
      )
    expect(await refused(by('ann'), {})).toBe('Denied')
    expect(await refused(byStaff(), { note: ' ' })).toBe('InvalidInput')
    expect(await refused(byStaff(), { note: 'Paid by 4111 1111 1111 1111.' })).toBe('InvalidInput')
    expect(await refused(byStaff(), { reconciliationId: 'sandbox/2026-03-11' })).toBe('NotFound reconciliation')
    expect(await refused(byStaff(), { findingIds: [...findingIds, 'another'] })).toBe('NotFound finding')
    expect(await openOnes(shop)).toEqual([[reconciliationId, 2]])
  })
})

const side = { kind: 'payment', status: 'succeeded', currency: 'CNY', at: 0 } as const
const missing = (reference: string, amountMinor: number): Found => ({
  ...{ kind: 'missingInBill', reference, orderId: null, detail: null },
  ours: { ...side, amountMinor, feeMinor: null },
  theirs: null,
})

describe('what is gathered from a bill', () => {
  const gather = (found: readonly Found[], before: Parameters<typeof gatherFindings>[0], now: number) => {
    const gathering = gatherFindings(before, now)
    const told = found.map((each) => gathering.note(each).findingId)
    return { told, ...gathering.gathered() }
  }

  it('is the same the next time: each finding its own, known since it was first found, open unless it was resolved', () => {
    const founds = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'a/b'), fc.integer({ min: 1, max: 3 })).map(([name, n]) => missing(name, n)),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(founds, founds, fc.infiniteStream(fc.boolean()), (first, later, picks) => {
        const one = gather(first, undefined, 1)
        expect(new Set(one.told).size).toBe(first.length)
        const resolutions = one.told.filter(() => picks.next().value).map((findingId) => ({ findingId, ...resolution }))
        const before = { findings: one.findings, resolutions }
        const same = gather(first, before, 2)
        expect(same).toEqual(one)
        const other = gather([...first, ...later], before, 2)
        expect(other.told.slice(0, first.length)).toEqual(one.told)
        const { openCount } = openAmong({ findings: other.findings, resolutions, reconciledAt: 2 }, 0)
        expect(openCount).toBe(other.findingCount - resolutions.length)
      }),
      { numRuns: 100 },
    )
  })

  it('keeps what is open, however much was resolved before', () => {
    const found = Array.from({ length: mostFindings + 7 }, (_, n) => missing(`p${n}`, 1))
    const first = gather(found, undefined, 1)
    expect([first.findings.length, first.unkeptCount]).toEqual([mostFindings, 7])
    const resolutions = first.findings.map(({ findingId }) => ({ findingId, ...resolution }))
    const state = { findings: first.findings, resolutions, reconciledAt: 1 }
    expect(openAmong(state, first.unkeptCount)).toEqual({ openCount: 7, openSince: 1 })
    const second = gather(found, state, 2)
    expect([second.findings.length, second.unkeptCount]).toEqual([mostFindings + 7, 0])
    expect(openAmong({ ...state, findings: second.findings }, 0)).toEqual({ openCount: 7, openSince: 2 })
  })

  it.each<[string, Found, Found, boolean]>([
    [
      'a fee that the bill has taught',
      missing('p', 1),
      { ...missing('p', 1), ours: { ...side, amountMinor: 1, feeMinor: 6 } },
      true,
    ],
    ['another amount', missing('p', 1), missing('p', 2), false],
    [
      'another of the two',
      missing('p', 1),
      { ...missing('p', 1), ours: { ...side, kind: 'refund', amountMinor: 1, feeMinor: null } },
      false,
    ],
  ])('takes %s for what it is', (_, left, right, isSame) => {
    expect(gather([left], undefined, 1).told[0] === gather([right], undefined, 1).told[0]).toBe(isSame)
  })
})

const resolution = { note: 'Looked into.', by: 'staff:sam', at: 2 }

describe('findings as a file', () => {
  const finding = (part: Partial<KeptFinding>): KeptFinding => ({
    ...{ findingId: 'f', kind: 'missingInBill', reference: 'pay_1', orderId: null, detail: null, ours: null },
    ...{ theirs: null, foundAt: Date.UTC(2026, 2, 11, 1), resolved: null, ...part },
  })
  const bill: Pick<Reconciliation, 'findings'> = {
    findings: [
      finding({
        ...{ kind: 'feeDiff', orderId: 'order_1' },
        ours: { ...side, amountMinor: 13_700, feeMinor: 82, at: 1 },
        theirs: { ...side, amountMinor: 13_700, fee: { value: 82_200, scale: 5 }, gatewayRef: 'w1', at: 1 },
      }),
      finding({
        ...{ kind: 'missingInLedger', reference: '=1+1' },
        theirs: {
          ...side,
          kind: 'refund',
          status: 'pending',
          currency: 'JPY',
          amountMinor: 500,
          fee: null,
          gatewayRef: null,
          at: 1,
        },
        resolved: { note: 'Told them, "by hand"', by: 'staff:sam', at: Date.UTC(2026, 2, 12) },
      }),
      finding({
        ...{ kind: 'orderDiff', reference: 'pay_2', detail: 'order: 100 billed, 99 ordered' },
        ours: { ...side, amountMinor: -100, feeMinor: null, at: 1 },
      }),
    ],
  }
  const page = { reconciliations: [{ ...bill, ...day, reconciliationId } as Reconciliation] }

  it('is a row for each, in either language', () => {
    const at = '2026-03-11T01:00:00.000Z'
    expect(findingsCsv(page, { locale: 'en', withHeader: true, bom: true })).toBe(
      [
        '\uFEFFGateway,Day,Finding,Of,Reference,Order id,Detail,State here,Amount here,Fee here,Currency here,State there,Amount there,Fee there,Currency there,Found,Resolved,Resolved by,Note',
        `sandbox,2026-03-10,Other fee,Payment,pay_1,order_1,,Succeeded,137.00,0.82,CNY,Succeeded,137.00,0.82200,CNY,${at},,,`,
        `sandbox,2026-03-10,Missing here,Refund,'=1+1,,,,,,,Pending,500,,JPY,${at},2026-03-12T00:00:00.000Z,staff:sam,"Told them, ""by hand"""`,
        `sandbox,2026-03-10,Order differs,Payment,pay_2,,"order: 100 billed, 99 ordered",Succeeded,-1.00,,CNY,,,,,${at},,,`,
        '',
      ].join('\r\n'),
    )
    expect(findingsCsv({ reconciliations: [] }, { locale: 'zh-CN', withHeader: true })).toBe(
      '支付渠道,账单日,差异,类型,编号,订单编码,说明,本地状态,本地金额,本地手续费,本地币种,账单状态,账单金额,账单手续费,账单币种,发现时间,处理时间,处理人,处理说明\r\n',
    )
    expect(findingsCsv(page, { locale: 'zh-CN', withHeader: false })).toContain('sandbox,2026-03-10,手续费不符,付款,')
  })

  it('is a line for each as JSON, with its gateway and day', () => {
    const lines = findingsJsonLines(page).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      bill.findings.map((each) => ({ reconciliationId, gatewayId: 'sandbox', day: '2026-03-10', ...each })),
    )
  })
})
