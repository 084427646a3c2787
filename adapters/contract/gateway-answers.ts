import { gatewayErrorCodes, type Outcome, parseSnapshots, type UnknownCause } from 'shopwright/payments'
import { expectOk, expectTrue } from './assert.js'

const causes: Readonly<Record<UnknownCause, true>> = {
  timeout: true,
  reset: true,
  serverError: true,
  badSignature: true,
  unparsable: true,
  ambiguous: true,
  threw: true,
}

/** Fails the case where an answer is none that the port has: a shop takes it for `unknown`. */
export const expectAnswer = (outcome: Outcome<unknown>): void => {
  if (outcome.kind === 'ok') expectValue(outcome.value)
  else if (outcome.kind === 'pending') expectReference(outcome.gatewayRef)
  else if (outcome.kind === 'declined') {
    const { code, gatewayCode } = outcome.error
    expectTrue(gatewayErrorCodes.includes(code) && typeof gatewayCode === 'string', `a code: ${String(code)}`)
  } else expectTrue(Object.hasOwn(causes, outcome.cause), `an answer: ${JSON.stringify(outcome)}`)
}

/** Fails the case where facts are not as the port has them: whole milliseconds, whole minor units, texts that can be kept. */
export const expectFacts = (facts: readonly unknown[]): void => {
  expectOk(parseSnapshots(facts), 'the facts')
}

const expectValue = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return
  if ('kind' in value) expectFacts([value])
  if ('snapshot' in value && value.snapshot !== null) expectFacts([value.snapshot])
  if ('gatewayRef' in value) expectReference(value.gatewayRef)
}

const expectReference = (reference: unknown): void =>
  expectTrue(
    reference === null || (typeof reference === 'string' && reference.length > 0 && reference.length <= 200),
    `what the gateway calls it: ${JSON.stringify(reference)}`,
  )
