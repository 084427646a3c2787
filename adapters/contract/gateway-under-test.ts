import type {
  CreatedPayment,
  CreateRequest,
  DisputeSnapshot,
  GatewayAnswer,
  Outcome,
  PaymentGateway,
  PaymentSnapshot,
  RefundRequest,
  RefundSnapshot,
} from 'shopwright/payments'
import { type ContractCase, expectEqual, expectOk, expectTrue } from './assert.js'
import { expectAnswer, expectFacts } from './gateway-answers.js'

/** A gateway and the hands that move what lies behind it. */
export type GatewayUnderTest = {
  readonly gateway: PaymentGateway
  /** The present moment of the world behind it. */
  readonly now: () => number
  /** An amount that it takes. */
  readonly currency: string
  /** The next payment waits for its payer. */
  readonly letPayerWait: () => void
  /** The payer pays it. */
  readonly pay: (attemptRef: string) => Promise<void>
  /** The answer to the next request to create is lost, with or without the payer charged behind it. */
  readonly loseNextAnswer: (charged: boolean) => void
  /** The next request is answered with this, unsigned and not looked at; absent where nothing is sent over a line. */
  readonly answerNext?: (status: number, body: string) => void
  /** Takes what it would send unasked. */
  readonly takeNotifications: () => Promise<
    readonly { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> }[]
  >
  /**
   * What the payer's own statement says of a payment: everything that was taken for it and everything given back, as decimal
   * numbers of the currency (`100.00` CNY, `10000` JPY); absent where nobody sees that.
   */
  readonly statement?: (
    attemptRef: string,
  ) => Promise<{ readonly currency: string; readonly paid: string; readonly back: string }>
  /** A notification, rightly signed, of a payment at another account than the shop's; absent where there can be none. */
  readonly tellOfAnother?: () => Promise<{
    readonly body: Uint8Array
    readonly headers: Readonly<Record<string, string>>
  }>
  /** What payers and their banks do, where the gateway has disputes. */
  readonly bank?: {
    /** Part of a payment is disputed, and can be contested. */
    readonly dispute: (attemptRef: string, minor: number) => Promise<void>
    readonly decide: (attemptRef: string, outcome: 'won' | 'lost') => Promise<void>
  }
  /** A payer who complains at the gateway, where it takes complaints. */
  readonly complainer?: {
    /** The number that they leave there; null where it is not told. */
    readonly phone: string | null
    readonly complain: (attemptRef: string, words: string) => Promise<void>
    /** They say more. */
    readonly goOn: (attemptRef: string, words: string) => Promise<void>
    /** They are content, where it is theirs to say so. */
    readonly end: (attemptRef: string) => Promise<void>
    /** The answer to what the shop says next is lost; it was heard. */
    readonly loseNextAnswer: () => void
  }
  /** The bytes of the files that whoever decides over a payment's dispute, or its payer, is shown; where it takes files. */
  readonly shownFiles?: (attemptRef: string) => Promise<readonly Uint8Array[]>
  /** Whom payments are divided among, where the gateway does so. */
  readonly payees?: {
    /** A payee with an account there. */
    readonly known: string
    /** The answer to the next split is lost, with or without the money moved behind it. */
    readonly loseNextAnswer: (moved: boolean) => void
  }
  /** Texts that may appear in no outcome: keys, secrets. */
  readonly secrets: readonly string[]
}

export type GatewayCase = ContractCase<GatewayUnderTest>

/** A minute, milliseconds. */
export const minute = 60_000

/** A request for a payment of 100.00, some facts of it others. */
export const requestOf = (
  { gateway, now, currency }: GatewayUnderTest,
  facts: Partial<CreateRequest> = {},
): CreateRequest => ({
  attemptRef: 'pay_contract_1',
  orderRef: 'order_contract_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_contract_1:1',
  amount: { minor: 10_000, currency },
  method: gateway.capabilities.methods[0] ?? 'bankTransfer',
  instrumentToken: null,
  capture: 'automatic',
  expiresAt: now() + 30 * minute,
  returnUrl: null,
  at: now(),
  ...facts,
})

/** A request to give back 60.00, some facts of it others. */
export const refundOf = ({ now, currency }: GatewayUnderTest, facts: Partial<RefundRequest> = {}): RefundRequest => ({
  refundRef: 'refund_contract_1',
  attemptRef: 'pay_contract_1',
  gatewayRef: null,
  key: 'refund:refund_contract_1',
  captured: { minor: 10_000, currency },
  amount: { minor: 6000, currency },
  at: now(),
  ...facts,
})

/** What the gateway calls a payment and a refund, once it has said so; the shop hands it over with every question. */
const said = new WeakMap<PaymentGateway, Map<string, string | null>>()

/** refOf */
export const refOf = ({ gateway }: GatewayUnderTest, reference: string): string | null =>
  said.get(gateway)?.get(reference) ?? null

const remember = ({ gateway }: GatewayUnderTest, reference: string, gatewayRef: string | null): void => {
  const known = said.get(gateway) ?? new Map<string, string | null>()
  said.set(gateway, known.set(reference, gatewayRef))
}

/** Sends a request to create, and keeps what the gateway calls it. */
export const place = async (world: GatewayUnderTest, request: CreateRequest): Promise<Outcome<CreatedPayment>> => {
  const outcome = await answerOf(world.gateway.create(request))
  if (outcome.kind === 'ok') remember(world, request.attemptRef, outcome.value.gatewayRef)
  return outcome
}

/** Sends a refund, and keeps what the gateway calls it. */
export const giveBack = async (world: GatewayUnderTest, request: RefundRequest): Promise<Outcome<RefundSnapshot>> => {
  const gatewayRef = refOf(world, request.attemptRef)
  const outcome = await answerOf(world.gateway.refund({ ...request, gatewayRef }))
  if (outcome.kind === 'ok') remember(world, request.refundRef, outcome.value.gatewayRef)
  return outcome
}

/** The outcome of a call, which has to be one that the port has. */
export const answerOf = async <T>(answer: GatewayAnswer<T>): Promise<Outcome<T>> => {
  const outcome = (await answer).match(
    (given) => given,
    (never) => never,
  )
  expectAnswer(outcome)
  return outcome
}

/** What was done, or the case fails. */
export const doneValue = <T>(outcome: Outcome<T>, what: string): T => {
  if (outcome.kind !== 'ok') throw new Error(`${what}: ${JSON.stringify(outcome)}`)
  return outcome.value
}

/** Asks what became of a payment. */
export const ask = async (world: GatewayUnderTest, attemptRef = 'pay_contract_1') => {
  const question = { attemptRef, gatewayRef: refOf(world, attemptRef), at: world.now() }
  return doneValue(await answerOf(world.gateway.query(question)), 'query')
}

/** Asks what became of a refund. */
export const askRefund = async (
  world: GatewayUnderTest,
  refundRef = 'refund_contract_1',
  attemptRef = 'pay_contract_1',
) => {
  const gatewayRef = refOf(world, refundRef)
  const paymentGatewayRef = refOf(world, attemptRef)
  const question = { refundRef, attemptRef, gatewayRef, paymentGatewayRef, at: world.now() }
  return doneValue(await answerOf(world.gateway.queryRefund(question)), 'query of a refund')
}

/** Closes the payment. */
export const close = async (world: GatewayUnderTest) => {
  const gatewayRef = refOf(world, 'pay_contract_1')
  const request = { attemptRef: 'pay_contract_1', gatewayRef, key: 'close:pay_contract_1', at: world.now() }
  return doneValue(await answerOf(world.gateway.close(request)), 'close')
}

/** A payment that is paid. */
export const createPaid = async (
  world: GatewayUnderTest,
  facts: Partial<CreateRequest> = {},
): Promise<PaymentSnapshot> => {
  world.letPayerWait()
  doneValue(await place(world, requestOf(world, facts)), 'create')
  await world.pay('pay_contract_1')
  const paid = await ask(world)
  if (paid === 'notFound') throw new Error('a paid payment is not found')
  return paid
}

/** What a gateway says unasked of the payment of `createPaid`. */
export const takeFirst = async (
  world: GatewayUnderTest,
): Promise<Awaited<ReturnType<GatewayUnderTest['takeNotifications']>>[number]> => {
  await createPaid(world)
  const [notification] = await world.takeNotifications()
  if (notification === undefined) throw new Error('nothing was said')
  return notification
}

/** A refund of 10.00 under a reference goes out, and is found under it, also where its answer was lost. */
export const expectRefundedUnder = async (world: GatewayUnderTest, refundRef: string, attemptRef: string) => {
  const { currency } = world
  const key = `refund:${refundRef}:1`
  const sent = await giveBack(world, refundOf(world, { refundRef, attemptRef, key, amount: { minor: 1000, currency } }))
  expectTrue(sent.kind === 'ok' || sent.kind === 'pending', `${refundRef}: ${JSON.stringify(sent)}`)
  for (const isLost of [false, true]) {
    if (isLost) remember(world, refundRef, null)
    const found = await askRefund(world, refundRef, attemptRef)
    expectEqual(found === 'notFound' ? found : [found.refundRef, found.amount.minor], [refundRef, 1000], 'the refund')
  }
}

/** Both answers speak of one refund. */
export const expectSameRefund = (first: Outcome<RefundSnapshot>, second: Outcome<RefundSnapshot>) => {
  expectEqual(second.kind, first.kind, 'kind of the second answer')
  if (first.kind === 'ok' && second.kind === 'ok') expectEqual(second.value, first.value, 'the second answer')
}

/** The code of a refusal. */
export const declinedWith = (outcome: Outcome<unknown>): string =>
  outcome.kind === 'declined' ? outcome.error.code : outcome.kind

/** What is said of disputes since it was last taken. */
export const takeDisputes = async (world: GatewayUnderTest): Promise<readonly DisputeSnapshot[]> => {
  const facts = []
  for (const notification of await world.takeNotifications()) {
    const receipt = { ...notification, receivedAt: world.now() }
    const verified = expectOk(await world.gateway.verifyNotification(receipt), 'a notification')
    expectFacts(verified.facts)
    for (const fact of verified.facts) if (fact.kind === 'dispute') facts.push(fact)
  }
  return facts
}
