import { daysMs, hoursMs, type Instant, minutesMs } from '../../shared/instant.js'

/** What the shop does about a payment that stands out; each more than the one before. */
export type WatchResponse =
  /** The shop is told, and nothing else. */
  | 'notify'
  /** The buyer proves first that it is they who pay; a visitor without an account, who cannot, is held instead. */
  | 'challenge'
  /** Nothing leaves until a person of the shop has looked. */
  | 'hold'

/** By what a payment stands out. Amounts are minor units of the currency of the terms. */
export type WatchRule =
  /** More attempts than so many, this one among them, within a span. */
  | {
      readonly kind: 'velocity'
      readonly attempts: number
      readonly withinMs: number
      readonly response: WatchResponse
    }
  /** More money than so much, this payment's among it, within a span; attempts that brought none do not count. */
  | {
      readonly kind: 'spending'
      readonly aboveMinor: number
      readonly withinMs: number
      readonly response: WatchResponse
    }
  /** More than so many times what the buyer usually pays (the lower median), after so many payments. */
  | {
      readonly kind: 'unusualAmount'
      readonly times: number
      readonly aboveMinor: number
      readonly afterPayments: number
      readonly response: WatchResponse
    }
  /** More than an amount from a device that none of the buyer's payments came from, after so many that named theirs. */
  | {
      readonly kind: 'newDevice'
      readonly aboveMinor: number
      readonly afterPayments: number
      readonly response: WatchResponse
    }

/** What payments are watched for, and what becomes of orders that are held. */
export type PaymentWatchTerms = {
  readonly rules: readonly WatchRule[]
  /** How long a held order waits for a person, milliseconds; from when it is paid, where that is later. */
  readonly holdMs: number
  /** What becomes of it if nobody has looked: what has not left goes back, or it is released. */
  readonly atDeadline: 'reject' | 'release'
}

/** Where a shop may begin. The numbers are of our choosing; no law and no card scheme states them. */
export const paymentWatchOfOurs: PaymentWatchTerms = {
  rules: [
    { kind: 'velocity', attempts: 6, withinMs: 10 * minutesMs, response: 'challenge' },
    { kind: 'velocity', attempts: 15, withinMs: hoursMs, response: 'hold' },
    { kind: 'spending', aboveMinor: 5_000_000, withinMs: daysMs, response: 'hold' },
    { kind: 'unusualAmount', times: 10, aboveMinor: 100_000, afterPayments: 3, response: 'challenge' },
    { kind: 'newDevice', aboveMinor: 50_000, afterPayments: 1, response: 'challenge' },
  ],
  holdMs: 2 * daysMs,
  atDeadline: 'reject',
}

/** An attempt to pay that was made before. */
export type EarlierAttempt = {
  readonly at: Instant
  readonly amountMinor: number
  readonly currency: string
  /** Keyed digest of the device it came from; absent where the host named none. */
  readonly device?: string
  /** What became of it. */
  readonly outcome: 'paid' | 'open' | 'failed'
}

/** What is known of a payment when it is about to be made. */
export type WatchFacts = Omit<EarlierAttempt, 'outcome'> & {
  /** The buyer's attempts before. */
  readonly earlier: readonly EarlierAttempt[]
  /** Whether amounts of the terms are of the payment's currency; where not, only those of `newDevice` count, as 0. */
  readonly inCurrencyOfTerms: boolean
}

/** What is to be done about a payment, and every rule that it met. */
export type WatchVerdict = {
  readonly response: 'allow' | WatchResponse
  readonly reasons: readonly WatchRule['kind'][]
}

const strength = { allow: 0, notify: 1, challenge: 2, hold: 3 } as const satisfies Record<
  WatchVerdict['response'],
  number
>

/** Says what is to be done about a payment: of all rules that it meets, the strongest response. */
export const watchPayment = (rules: readonly WatchRule[], facts: WatchFacts): WatchVerdict =>
  rules
    .filter((rule) => isMet(rule, facts))
    .reduce<WatchVerdict>(
      ({ response, reasons }, rule) => ({
        response: strength[rule.response] > strength[response] ? rule.response : response,
        reasons: reasons.includes(rule.kind) ? reasons : [...reasons, rule.kind],
      }),
      { response: 'allow', reasons: [] },
    )

/**
 * The same of who pays a part of an order without an account, of whom nothing is known but what was tried of it: how often
 * this part, and how much by all who came by a link. What is usual for them, and by which device, nobody can say.
 *
 * @param facts.ofPart - attempts of this part before
 * @param facts.ofLinks - attempts before of all parts that are paid without an account, those of this one among them
 */
export const watchLinkPayment = (
  rules: readonly WatchRule[],
  {
    ofPart,
    ofLinks,
    ...facts
  }: Omit<WatchFacts, 'earlier' | 'device'> & {
    readonly ofPart: readonly EarlierAttempt[]
    readonly ofLinks: readonly EarlierAttempt[]
  },
): WatchVerdict => {
  const judged = (kind: WatchRule['kind'], earlier: readonly EarlierAttempt[]) =>
    watchPayment(
      rules.filter((rule) => rule.kind === kind),
      { ...facts, earlier },
    )
  const often = judged('velocity', ofPart)
  const dear = judged('spending', ofLinks)
  return {
    response: strength[often.response] > strength[dear.response] ? often.response : dear.response,
    reasons: [...often.reasons, ...dear.reasons],
  }
}

const isMet = (rule: WatchRule, facts: WatchFacts): boolean => {
  const { at, amountMinor, currency, device, earlier, inCurrencyOfTerms } = facts
  const paid = earlier.filter(({ outcome }) => outcome === 'paid')
  switch (rule.kind) {
    case 'velocity':
      return earlier.filter((each) => at - each.at < rule.withinMs).length + 1 > rule.attempts
    case 'spending': {
      const spent = earlier.filter(
        (each) => each.outcome !== 'failed' && each.currency === currency && at - each.at < rule.withinMs,
      )
      return inCurrencyOfTerms && spent.reduce((sum, each) => sum + each.amountMinor, amountMinor) > rule.aboveMinor
    }
    case 'unusualAmount': {
      const amounts = paid
        .filter((each) => each.currency === currency)
        .map((each) => each.amountMinor)
        .sort((one, other) => one - other)
      const usual = amounts[Math.floor((amounts.length - 1) / 2)]
      return (
        inCurrencyOfTerms &&
        usual !== undefined &&
        amounts.length >= rule.afterPayments &&
        amountMinor > rule.aboveMinor &&
        amountMinor > usual * rule.times
      )
    }
    case 'newDevice': {
      const devices = paid.flatMap((each) => (each.device === undefined ? [] : [each.device]))
      return (
        device !== undefined &&
        devices.length >= Math.max(1, rule.afterPayments) &&
        !devices.includes(device) &&
        amountMinor > (inCurrencyOfTerms ? rule.aboveMinor : 0)
      )
    }
  }
}
