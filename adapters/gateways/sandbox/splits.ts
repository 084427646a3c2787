import { okAsync } from 'neverthrow'
import type { GatewayErrorCode, MovedSplit, Outcome, SplitPort, SplitRequest } from 'shopwright/payments'

/** What the next request to give a payee its part, or to take it back, comes to. */
export type SplitScript =
  | { readonly kind: 'succeed' }
  | { readonly kind: 'decline'; readonly code: GatewayErrorCode }
  /** The answer is lost; behind it the money moved, or the request never arrived. */
  | { readonly kind: 'timeout'; readonly moved: boolean }
  /** Accepted, and done when it is asked for again. */
  | { readonly kind: 'pending' }

/** A part of a payment as the sandbox keeps it. */
export type SandboxSplit = {
  readonly splitRef: string
  readonly attemptRef: string
  readonly account: string
  readonly currency: string
  readonly amountMinor: number
  readonly returnedMinor: number
}

/** What a sandbox divides by. */
export type SplitTerms = {
  /** The account of each payee there. */
  readonly payees: Readonly<Record<string, string>>
  /** The most of a payment that payees get, hundredths of a percent; all of it unless told. */
  readonly mostBasisPoints?: number
}

type Divisible = { readonly leftMinor: number; readonly currency: string; readonly isSplit: boolean }

/** Divides payments of a sandbox among the accounts that it knows. */
export const createSplits = (
  { payees, mostBasisPoints = 10_000 }: SplitTerms,
  find: (attemptRef: string) => Divisible | undefined,
) => {
  const splits = new Map<string, SandboxSplit>()
  const returns = new Map<string, { readonly splitRef: string; readonly amountMinor: number }>()
  const waiting = new Set<string>()
  const finished = new Set<string>()
  const scripts: SplitScript[] = []

  const goneMinor = (attemptRef: string): number =>
    [...splits.values()].reduce(
      (sum, split) => (split.attemptRef === attemptRef ? sum + split.amountMinor - split.returnedMinor : sum),
      0,
    )

  // What was accepted is done when it is asked for again; what moved already is not moved twice.
  const move = (reference: string, hasMoved: boolean, go: () => Outcome<MovedSplit>): Outcome<MovedSplit> => {
    if (hasMoved) return done(reference)
    if (waiting.delete(reference)) return go()
    const script = scripts.shift() ?? { kind: 'succeed' }
    switch (script.kind) {
      case 'succeed':
        return go()
      case 'decline':
        return decline(script.code)
      case 'timeout':
        if (script.moved) go()
        return { kind: 'unknown', cause: 'timeout' }
      case 'pending':
        waiting.add(reference)
        return { kind: 'pending', gatewayRef: null, pollAfterMs: 10_000 }
    }
  }

  const send = ({ splitRef, attemptRef, account, amount }: SplitRequest): Outcome<MovedSplit> => {
    const before = splits.get(splitRef)
    if (before !== undefined && before.amountMinor !== amount.minor) return decline('IdempotencyReuse')
    return move(splitRef, before !== undefined, () => {
      const payment = find(attemptRef)
      const isKnown = Object.values(payees).includes(account)
      if (!payment?.isSplit || payment.currency !== amount.currency || !isKnown || finished.has(attemptRef)) {
        return decline('MerchantConfig')
      }
      if (amount.minor <= 0 || goneMinor(attemptRef) + amount.minor > payment.leftMinor) return decline('AmountInvalid')
      const { currency, minor: amountMinor } = amount
      splits.set(splitRef, { splitRef, attemptRef, account, currency, amountMinor, returnedMinor: 0 })
      return done(splitRef)
    })
  }

  const takeBack = ({
    returnRef,
    splitRef,
    amount,
  }: SplitRequest & { readonly returnRef: string }): Outcome<MovedSplit> => {
    const before = returns.get(returnRef)
    if (before !== undefined && before.amountMinor !== amount.minor) return decline('IdempotencyReuse')
    return move(returnRef, before !== undefined, () => {
      const split = splits.get(splitRef)
      if (split === undefined) return decline('MerchantConfig')
      if (amount.minor <= 0 || amount.minor > split.amountMinor - split.returnedMinor) return decline('AmountInvalid')
      splits.set(splitRef, { ...split, returnedMinor: split.returnedMinor + amount.minor })
      returns.set(returnRef, { splitRef, amountMinor: amount.minor })
      return done(returnRef)
    })
  }

  const port: SplitPort = {
    mostBasisPoints,
    accountOf: (payee) => okAsync({ kind: 'ok', value: Object.hasOwn(payees, payee) ? (payees[payee] ?? null) : null }),
    send: (request) => okAsync(send(request)),
    takeBack: (request) => okAsync(takeBack(request)),
    finish: ({ attemptRef }) => {
      finished.add(attemptRef)
      return okAsync({ kind: 'ok', value: 'finished' })
    },
  }
  return {
    port,
    all: (): readonly SandboxSplit[] => [...splits.values()],
    goneMinor,
    over: (): readonly string[] => [...finished],
    script: (...more: readonly SplitScript[]) => {
      scripts.push(...more)
    },
  }
}

const done = (reference: string): Outcome<MovedSplit> => ({ kind: 'ok', value: { gatewayRef: `sbx_${reference}` } })

const decline = (code: GatewayErrorCode): Outcome<never> => ({
  kind: 'declined',
  error: { code, gatewayCode: `sandbox.${code}` },
})
