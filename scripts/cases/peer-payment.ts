import * as z from 'zod'
import { accountBalance, ledgerBalances, trialBalance } from '../../src/payments/index.js'
import { minorText } from './amounts.js'
import { type PlayedPayment, playPayment } from './played-payment.js'
import { createComparison, type Difference, Inexpressible, readCase } from './verdict.js'

const text = z.string()

const kinds = ['authorization', 'charge', 'refund', 'cancel'] as const
const words = ['request', 'action_required', 'success', 'failure'] as const
const others = ['authorization_adjustment', 'charge_back', 'refund_reverse', 'info']

const caseShape = z.strictObject({
  id: text,
  peer: text,
  kind: z.literal('payment-ledger'),
  source: z.optional(text),
  title: z.optional(text),
  recomputed: z.optional(text),
  currency: text,
  initial: z.record(text, minorText),
  events: z.array(
    z.strictObject({
      type: text,
      pspReference: z.nullable(text),
      amount: minorText,
      ignored: z.optional(z.boolean()),
    }),
  ),
  expected: z.record(text, minorText),
})

type LedgerCase = z.infer<typeof caseShape>
type Event = LedgerCase['events'][number]
type Kind = (typeof kinds)[number]
type Word = (typeof words)[number]

/** What a peer tells under one reference. */
type Told = {
  readonly reference: string
  readonly amountMinor: number
  readonly words: readonly Word[]
}

// Why a figure of a peer can be none of ours; each names the rule, which stands in docs/payments.md.
const rules = {
  refundOfNothing:
    'more goes back than was ever taken; ours refuses such a refund, for a payment never gives back more than it took (docs/payments.md, Refunds)',
  endRefused:
    'an end that the gateway refuses is dropped; ours stays asked for until the gateway ends the attempt or has taken the money, for an attempt is over only once its gateway says so (docs/payments.md, Unknown)',
  endUnsaid:
    'a failure takes back an end that the gateway had confirmed; ours is over for certain then (docs/payments.md, Unknown)',
  endInSteps:
    'part of a hold is being given up; ours is given up in part at once, and only an attempt as a whole is ended in steps (docs/payments.md, Held money)',
  moneyUnsaid:
    'a failure takes back money that was taken; ours goes back by refund or dispute alone, for what is known of a payment only grows (docs/payments.md, Unknown)',
  holdLowered:
    'a hold is adjusted down; ours is given up in part by the shop, for what is known of a payment only grows (docs/payments.md, Unknown)',
  capturesAtOnce:
    'two captures of one hold are under way at once; ours takes one after the other (docs/payments.md, Held money)',
  chargeOfNothing: 'more is taken than is held; ours refuses such a capture (docs/payments.md, Held money)',
} as const

/**
 * Plays the events of a payment at a peer through the machines of payments, refunds and disputes, and books them.
 *
 * - A peer's ledger is one; with us each hold, and each charge that nothing was held for, is a payment, and the figures are
 *   sums of them. A charge where money is held is a capture of it.
 * - What has no reference, or is stated as the amounts of before, lowers nothing else at the peer: it says what stood there.
 *   That is what was held, taken and given back earlier, and is written first.
 * - A refund is begun only of money that we know of, so money is played before refunds, whichever was told first. One that
 *   comes back in part is two of ours, of which one comes back.
 */
export const runPeerPayment = (raw: unknown): readonly Difference[] => {
  const given = readCase(caseShape, raw)
  const { expect, differences } = createComparison()
  const story = createStory(given)
  story.recallEarlier()
  story.holdMoney()
  story.takeMoney()
  story.endHolds()
  story.loseDisputes()
  story.giveBack()
  const figures = figuresOf(story.payments(), given)
  for (const [name, stated] of Object.entries(given.expected)) expect(name, stated, figures[name])
  const balances = trialBalance(story.payments().flatMap((payment) => payment.entries()))
  expect('trial balance', true, balances.isOk() && balances.value.balances)
  return differences
}

const createStory = (given: LedgerCase) => {
  const events = given.events.filter(({ ignored }) => ignored !== true)
  refuseUnknown(given, events)
  const { currency } = given
  const played: PlayedPayment[] = []
  let moment = 0
  const tick = (): number => {
    moment += 1
    return moment
  }
  const begin = (amountMinor: number, capture: 'automatic' | 'manual'): PlayedPayment => {
    const payment = playPayment({ paymentId: `payment ${played.length}`, amountMinor, currency, capture }, tick)
    played.push(payment)
    return payment
  }
  const holdsMoney = (): boolean => played.some(({ state }) => state().known.authorised !== null)
  const before = (kind: Kind, amount: string): number =>
    events.reduce(
      (sum, event) => (event.pspReference === null && event.type === `${kind}_success` ? sum + event.amount : sum),
      given.initial[amount] ?? 0,
    )

  /** What stood there before the events: earlier facts. */
  const recallEarlier = (): void => {
    const heldMinor = events.some(({ type }) => type === 'authorization_adjustment')
      ? 0
      : before('authorization', 'authorized_value')
    if (heldMinor > 0) begin(heldMinor, 'manual').tell('authorised')
    const backMinor = before('refund', 'refunded_value')
    const takenMinor = before('charge', 'charged_value') + backMinor
    if (takenMinor > 0) {
      const earlier = begin(takenMinor, 'automatic')
      earlier.tell('captured')
      if (backMinor > 0) {
        earlier.refund('refund of before', backMinor)
        earlier.tellRefund('refund of before', 'succeeded')
      }
    }
    const endedMinor = before('cancel', 'canceled_value')
    if (endedMinor > 0) end(begin(endedMinor, 'manual'))
  }

  const holdMoney = (): void => {
    if (events.some(({ type }) => type === 'authorization_adjustment')) holdAdjusted()
    else for (const hold of toldOf(events, 'authorization')) hear(begin(hold.amountMinor, 'manual'), hold, 'authorised')
  }

  // An adjustment says what is held in all, as every word of a gateway does with us.
  const holdAdjusted = (): void => {
    const totals = events
      .filter(({ type }) => type === 'authorization_success' || type === 'authorization_adjustment')
      .map(({ amount }) => amount)
    if (totals.some((total, place) => total < (totals[place - 1] ?? 0))) throw new Inexpressible(rules.holdLowered)
    const payment = begin(Math.max(...totals), 'manual')
    for (const total of totals) payment.tell('authorised', total)
  }

  const takeMoney = (): void => {
    const inSteps = holdsMoney()
    for (const charge of toldOf(events, 'charge')) {
      if (isUnsaid(charge)) throw new Inexpressible(rules.moneyUnsaid)
      if (inSteps) capture(charge)
      else hear(begin(charge.amountMinor, 'automatic'), charge, 'captured')
    }
  }

  const capture = ({ reference, amountMinor, words: said }: Told): void => {
    const parts = partsOf(played, amountMinor, ({ capturable }) => capturable())
    if (parts === undefined) throw new Inexpressible(rules.chargeOfNothing)
    for (const { payment, minor } of parts) {
      if (payment.state().capturing !== undefined) throw new Inexpressible(rules.capturesAtOnce)
      payment.askCapture(reference, minor)
      if (said.includes('success')) payment.take(minor)
      else if (said.includes('failure')) {
        payment.put({ type: 'FailCapture', captureId: reference, code: 'InstrumentDeclined' })
      }
    }
  }

  const end = (payment: PlayedPayment): void => {
    askEnd(payment)
    payment.put({ type: 'ConfirmClosed', evidence: 'closedByGateway', at: tick() })
  }
  const askEnd = (payment: PlayedPayment): void =>
    payment.put({ type: 'RequestClose', reason: 'orderCancelled', at: tick() })

  /** An end is that of a whole attempt, or of part of what is held; one that nothing was held for is an attempt of its own. */
  const endHolds = (): void => {
    for (const { amountMinor, words: said } of toldOf(events, 'cancel')) {
      if (said.at(-1) === 'failure') {
        throw new Inexpressible(said.includes('success') ? rules.endUnsaid : rules.endRefused)
      }
      const parts = partsOf(played, amountMinor, ({ capturable }) => capturable())
      for (const { payment, minor } of parts ?? [{ payment: begin(amountMinor, 'manual'), minor: amountMinor }]) {
        const isPart = payment.state().amountMinor > minor
        if (isPart && !said.includes('success')) throw new Inexpressible(rules.endInSteps)
        if (isPart) payment.put({ type: 'ForgoHold', amountMinor: minor })
        else if (said.includes('success')) end(payment)
        else askEnd(payment)
      }
    }
  }

  const loseDisputes = (): void => {
    for (const { type, pspReference, amount } of events) {
      if (type !== 'charge_back') continue
      const parts = partsOf(played, amount, ({ refundable }) => refundable())
      if (parts === undefined) throw new Inexpressible(rules.refundOfNothing)
      for (const { payment, minor } of parts) {
        payment.loseDispute(`${pspReference ?? 'dispute'}, of ${payment.state().paymentId}`, minor)
      }
    }
  }

  const giveBack = (): void => {
    const returns = events.filter(({ type }) => type === 'refund_reverse').map(({ amount }) => amount)
    for (const refund of toldOf(events, 'refund')) {
      const backMinor = refund.words.at(-1) === 'success' ? takeFirst(returns, refund.amountMinor) : 0
      for (const { reference, amountMinor, isBack } of [
        { reference: `${refund.reference}, kept`, amountMinor: refund.amountMinor - backMinor, isBack: false },
        { reference: `${refund.reference}, back`, amountMinor: backMinor, isBack: true },
      ]) {
        if (amountMinor > 0) giveBackPart({ ...refund, reference, amountMinor }, isBack)
      }
    }
    if (returns.length > 0) throw new Inexpressible('a return of more than one refund, or of none')
  }

  const giveBackPart = ({ reference, amountMinor, words: said }: Told, isBack: boolean): void => {
    // The latest first, as orders give money back that several payments brought.
    const parts = partsOf([...played].reverse(), amountMinor, ({ refundable }) => refundable())
    const asked = parts ?? [{ payment: played.at(-1) ?? begin(amountMinor, 'automatic'), minor: amountMinor }]
    for (const { payment, minor } of asked) {
      const refundId = `${reference}, of ${payment.state().paymentId}`
      if (!payment.refund(refundId, minor)) {
        // What the peer's gateway turned down in the end ours refuses to begin with; both leave everything as it was.
        if (said.at(-1) === 'failure') return
        throw new Inexpressible(rules.refundOfNothing)
      }
      for (const word of isBack ? [...said, 'failure' as const] : said) {
        if (word !== 'request') payment.tellRefund(refundId, word === 'success' ? 'succeeded' : 'failed')
      }
    }
  }

  return { recallEarlier, holdMoney, takeMoney, endHolds, loseDisputes, giveBack, payments: () => played }
}

const hear = (payment: PlayedPayment, { words: said }: Told, succeeded: 'authorised' | 'captured'): void => {
  const statuses = {
    request: 'processing',
    action_required: 'requiresAction',
    success: succeeded,
    failure: 'failed',
  } as const
  for (const word of said) payment.tell(statuses[word])
}

/** Of which payments an amount is, the first first; undefined where all of them together have less room. */
const partsOf = (
  payments: readonly PlayedPayment[],
  amountMinor: number,
  roomIn: (payment: PlayedPayment) => number,
): readonly { readonly payment: PlayedPayment; readonly minor: number }[] | undefined => {
  // One that has room for all of it is asked alone.
  const whole = payments.find((payment) => roomIn(payment) >= amountMinor)
  if (whole !== undefined) return [{ payment: whole, minor: amountMinor }]
  let leftMinor = amountMinor
  const parts = payments.map((payment) => {
    const minor = Math.min(roomIn(payment), leftMinor)
    leftMinor -= minor
    return { payment, minor }
  })
  return leftMinor > 0 ? undefined : parts.filter(({ minor }) => minor > 0)
}

const isUnsaid = ({ words: said }: Told): boolean => said.includes('success') && said.at(-1) === 'failure'

/** The first of the amounts that fits into a whole, taken from them; 0 where none does. */
const takeFirst = (amounts: number[], wholeMinor: number): number => {
  const place = amounts.findIndex((amount) => amount <= wholeMinor)
  return place < 0 ? 0 : (amounts.splice(place, 1)[0] ?? 0)
}

/** What is told of one kind, by reference; a request that is told after its end asks for nothing any more. */
const toldOf = (events: readonly Event[], kind: Kind): readonly Told[] => {
  const told = new Map<string, Told>()
  for (const { type, pspReference, amount } of events) {
    const word = words.find((each) => type === `${kind}_${each}`)
    if (word === undefined || pspReference === null) continue
    const known = told.get(pspReference) ?? { reference: pspReference, amountMinor: amount, words: [] }
    if (word === 'request' && known.words.length > 0) continue
    told.set(pspReference, { ...known, words: [...known.words, word] })
  }
  return [...told.values()]
}

const refuseUnknown = ({ initial }: LedgerCase, events: readonly Event[]): void => {
  const known = ['authorized_value', 'charged_value', 'refunded_value', 'canceled_value']
  const other = Object.keys(initial).find((amount) => !known.includes(amount))
  if (other !== undefined) throw new Inexpressible(`${other} from before the events`)
  for (const { type, pspReference } of events) {
    const isWord = kinds.some((kind) => words.some((word) => type === `${kind}_${word}`))
    if (!isWord && !others.includes(type)) throw new Inexpressible(`the event ${type}`)
    if (isWord && !type.endsWith('_success') && pspReference === null) {
      throw new Inexpressible(`${type} without a reference: of what, nobody knows`)
    }
  }
}

/** The eight amounts of the peer: what can be taken and what waits by the machine, what was taken and given back by the ledger. */
const figuresOf = (payments: readonly PlayedPayment[], given: LedgerCase): Readonly<Record<string, number>> => {
  const sum = (pick: (payment: PlayedPayment) => number): number =>
    payments.reduce((total, payment) => total + pick(payment), 0)
  const rows = ledgerBalances(payments.flatMap((payment) => payment.entries())).unwrapOr([])
  const inTransitMinor = -accountBalance(rows, 'refundInTransit', given.currency)
  const waitsFor = (capture: 'automatic' | 'manual') => (payment: PlayedPayment) => {
    const state = payment.state()
    return state.capture === capture && state.status === 'processing' ? state.amountMinor : 0
  }
  return {
    authorized_value: sum(({ capturable }) => capturable()),
    // What is on its way back has not left the gateway yet, and is the shop's no more.
    charged_value: accountBalance(rows, 'gatewayClearing:gateway', given.currency) - inTransitMinor,
    refunded_value: sum(({ state }) => state().refundedMinor),
    canceled_value: sum((payment) => {
      const { status, amountMinor, forgoneMinor = 0 } = payment.state()
      return status === 'closed' ? amountMinor : forgoneMinor
    }),
    authorize_pending_value: sum(waitsFor('manual')),
    charge_pending_value: sum(waitsFor('automatic')) + sum(({ state }) => state().capturing?.amountMinor ?? 0),
    refund_pending_value: inTransitMinor,
    cancel_pending_value: sum((payment) => {
      const { status, amountMinor } = payment.state()
      return status === 'closing' ? amountMinor : 0
    }),
  }
}
