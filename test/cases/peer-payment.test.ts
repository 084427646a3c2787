import { describe, expect, it } from 'vitest'
import { runCases } from '../../scripts/cases/run-case.js'

type Told = readonly [type: string, reference: string | null, amountMinor: number]
type Figures = Readonly<Record<string, number>>

const nothing = {
  authorized_value: 0,
  charged_value: 0,
  refunded_value: 0,
  canceled_value: 0,
  authorize_pending_value: 0,
  charge_pending_value: 0,
  refund_pending_value: 0,
  cancel_pending_value: 0,
}

const inText = (amounts: Figures) => Object.fromEntries(Object.entries(amounts).map(([name, it]) => [name, String(it)]))

const verdictOf = (events: readonly Told[], expected: Figures = {}, initial: Figures = {}): unknown => {
  const each = {
    id: 'own',
    peer: 'p',
    kind: 'payment-ledger',
    currency: 'USD',
    initial: inText(initial),
    events: events.map(([type, pspReference, amount]) => ({ type, pspReference, amount: String(amount) })),
    expected: inText({ ...nothing, ...expected }),
  }
  return runCases({ cases: [each] })[0]?.verdict
}

describe("a peer's payment, played through the machines and the ledger", () => {
  // Each figure is worked out by hand.
  it.each<[string, readonly Told[], Figures]>([
    [
      'is captured in parts: 30.00 and 50.00 of 100.00 leave 20.00 held',
      [
        ['authorization_success', 'a', 10_000],
        ['charge_success', 'c1', 3_000],
        ['charge_request', 'c2', 5_000],
        ['charge_success', 'c2', 5_000],
      ],
      { authorized_value: 2_000, charged_value: 8_000 },
    ],
    [
      'holds nothing of what a capture under way may have taken',
      [
        ['authorization_success', 'a', 10_000],
        ['charge_request', 'c1', 3_000],
      ],
      { authorized_value: 7_000, charge_pending_value: 3_000 },
    ],
    [
      'holds what a capture did not take',
      [
        ['authorization_success', 'a', 10_000],
        ['charge_failure', 'c1', 3_000],
      ],
      { authorized_value: 10_000 },
    ],
    [
      'is captured of two holds, and given back over two payments',
      [
        ['authorization_success', 'a1', 1_000],
        ['authorization_success', 'a2', 1_000],
        ['charge_success', 'c', 1_500],
        ['refund_success', 'r', 1_200],
      ],
      { authorized_value: 500, charged_value: 300, refunded_value: 1_200 },
    ],
    [
      'waits for its payer with nothing on its way',
      [
        ['charge_action_required', 'c', 1_000],
        ['info', null, 0],
      ],
      {},
    ],
    [
      'is held in parts, each word the whole',
      [
        ['authorization_success', 'a', 1_000],
        ['authorization_adjustment', 'b', 1_500],
        ['charge_success', 'c', 400],
      ],
      { authorized_value: 1_100, charged_value: 400 },
    ],
    [
      'is given up in part',
      [
        ['authorization_success', 'a', 1_000],
        ['cancel_success', 'b', 400],
      ],
      { authorized_value: 600, canceled_value: 400 },
    ],
    [
      'is ended while it is held',
      [
        ['authorization_success', 'a', 1_000],
        ['cancel_request', 'b', 1_000],
      ],
      { cancel_pending_value: 1_000 },
    ],
    [
      'is refunded: 2.00 on its way, 7.00 there, of which 3.00 came back',
      [
        ['charge_success', 'c', 1_000],
        ['refund_success', 'r1', 700],
        ['refund_request', 'r2', 200],
        ['refund_reverse', 'r3', 300],
      ],
      { charged_value: 400, refunded_value: 400, refund_pending_value: 200 },
    ],
    [
      'has the money again of a refund that came back',
      [
        ['charge_success', 'c', 1_000],
        ['refund_success', 'r', 700],
        ['refund_failure', 'r', 700],
      ],
      { charged_value: 1_000 },
    ],
    [
      'loses what a bank takes',
      [
        ['charge_success', 'c', 1_000],
        ['charge_back', 'd', 250],
      ],
      { charged_value: 750 },
    ],
  ])('%s', (_, events, expected) => {
    expect(verdictOf(events, expected)).toEqual({ kind: 'compared', differences: [] })
    expect(verdictOf(events, { ...expected, charged_value: (expected.charged_value ?? 0) + 1 })).toMatchObject({
      differences: [{ path: 'charged_value' }],
    })
  })

  it('begins with what was held, taken and given back before', () => {
    const earlier = { authorized_value: 600, charged_value: 1_000, refunded_value: 300 }
    const events: readonly Told[] = [
      ['charge_success', 'c', 200],
      ['refund_request', 'r', 100],
    ]
    expect(
      verdictOf(
        events,
        { authorized_value: 400, charged_value: 1_100, refunded_value: 300, refund_pending_value: 100 },
        earlier,
      ),
    ).toEqual({ kind: 'compared', differences: [] })
    expect(verdictOf(events, {}, { ...earlier, refund_pending_value: 1 })).toMatchObject({ kind: 'inexpressible' })
  })

  it.each<[string, readonly Told[]]>([
    ['more goes back', [['refund_success', 'r', 100]]],
    [
      'more goes back',
      [
        ['charge_success', 'c', 100],
        ['charge_back', 'd', 101],
      ],
    ],
    [
      'a failure takes back money',
      [
        ['charge_success', 'c', 100],
        ['charge_failure', 'c', 100],
      ],
    ],
    [
      'two captures of one hold',
      [
        ['authorization_success', 'a', 100],
        ['charge_request', 'c1', 40],
        ['charge_request', 'c2', 40],
      ],
    ],
    [
      'more is taken than is held',
      [
        ['authorization_success', 'a', 100],
        ['charge_success', 'c', 101],
      ],
    ],
    [
      'a hold is adjusted down',
      [
        ['authorization_success', 'a', 100],
        ['authorization_adjustment', 'b', 99],
      ],
    ],
    [
      'an end that the gateway refuses',
      [
        ['cancel_request', 'b', 100],
        ['cancel_failure', 'b', 100],
      ],
    ],
    [
      'part of a hold is being given up',
      [
        ['authorization_success', 'a', 100],
        ['cancel_request', 'b', 40],
      ],
    ],
  ])('is not played where %s, and names the rule', (reason, events) => {
    expect(verdictOf(events)).toMatchObject({ kind: 'inexpressible', reason: expect.stringContaining(reason) })
  })
})
