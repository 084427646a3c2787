import type { Outcome, RefundSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { untold } from '../untold.js'
import { ask, refuse, unparsable } from './ask.js'
import { readIntent, readList, refundOf, type StripeIntent } from './facts.js'
import { listAll, type NoAnswer } from './list-all.js'
import type { StripeSplits } from './options.js'
import type { StripeClient } from './package.js'

/** What the methods of a gateway share. */
export type Setup = {
  readonly client: StripeClient
  readonly accountId: string
  readonly publishableKey: string
  /** Whether its key is one for money, or for tests; null where it does not say. */
  readonly isLive: boolean | null
  readonly splits?: StripeSplits
}

/** A payment, by our reference and, where it is known, by Stripe's. */
export type Reference = { readonly attemptRef: string; readonly gatewayRef: string | null; readonly at: number }

/** What is told beside a payment, and beside a refund: what was booked of it, and when. */
export const expand = ['latest_charge.balance_transaction']
export const expandRefund = ['balance_transaction']
const withCharge = { expand }
const byProgress: readonly StripeIntent['status'][] = ['succeeded', 'requires_capture', 'processing']

/** How far back the list of payments is read, seconds: by then the search shows for certain what began before. */
const unindexedSeconds = 3600

const listedBody = z.object({ id: z.string().min(1), created: z.int(), metadata: z.record(z.string(), z.string()) })

/**
 * Finds a payment by Stripe's id, or by the reference of ours that it carries. The list of payments shows at once what is
 * there; the search shows it after minutes, and all that is older. The list is read as far back from the newest on it as
 * the search may lag, whatever the clock here says.
 */
export const find = async (
  { client }: Setup,
  { attemptRef, gatewayRef }: Reference,
): Promise<StripeIntent | 'notFound' | Exclude<Outcome<never>, { kind: 'ok' }>> => {
  if (gatewayRef !== null) {
    const answer = await ask(() => client.paymentIntents.retrieve(gatewayRef, withCharge))
    if (answer.kind === 'absent') return 'notFound'
    const intent = answer.kind === 'done' ? readIntent(answer.value) : null
    // An answer about something else proves nothing about this.
    return intent === null ? refuse(answer) : intent.metadata.attempt_ref === attemptRef ? intent : unparsable
  }
  const listed = await listAll(listedBody, (page) => client.paymentIntents.list(page), {
    isEnough: (read) => (read[0]?.created ?? 0) - (read.at(-1)?.created ?? 0) > unindexedSeconds,
  })
  if ('kind' in listed) return listed
  const query = `metadata['attempt_ref']:'${attemptRef.replace(/['\\]/g, '\\$&')}'`
  const answer = await ask(() => client.paymentIntents.search({ query, expand: expand.map((path) => `data.${path}`) }))
  const list = answer.kind === 'done' ? readList(answer.value) : null
  if (list === null) return refuse(answer)
  const own = listed.filter(({ metadata }) => metadata.attempt_ref === attemptRef)
  // What the search says of a payment may be as old as its index.
  const found = list
    .map(readIntent)
    .filter((intent) => intent?.metadata.attempt_ref === attemptRef && !own.some(({ id }) => id === intent.id))
  for (const { id } of own) {
    const answer = await ask(() => client.paymentIntents.retrieve(id, withCharge))
    const intent = answer.kind === 'done' ? readIntent(answer.value) : null
    if (intent === null) return untold(refuse(answer))
    found.push(intent)
  }
  const [first = null] = [
    ...byProgress.map((status) => found.find((intent) => intent?.status === status)),
    ...found,
  ].filter((intent) => intent !== undefined)
  return first ?? 'notFound'
}

/** Whether a payment was found. */
export const isIntent = (found: Awaited<ReturnType<typeof find>>): found is StripeIntent =>
  found !== 'notFound' && !('kind' in found)

/** The refunds of a payment that are the shop's. */
export const listRefunds = async (
  { client }: Setup,
  intentId: string,
  at: number,
): Promise<readonly RefundSnapshot[] | NoAnswer> => {
  const all = await listAll(z.looseObject({ id: z.string().min(1) }), (page) =>
    client.refunds.list({ payment_intent: intentId, expand: expandRefund.map((path) => `data.${path}`), ...page }),
  )
  return 'kind' in all ? all : all.map((each) => refundOf(each, at)).filter((each) => each !== null)
}
