import type { Outcome, RefundSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { untold } from '../untold.js'
import { ask } from './ask.js'
import { refundOf } from './facts.js'
import { expandRefund, refuse, type Setup, unparsable } from './find.js'
import type { StripePage } from './package.js'

const pageSize = 100
/** More pages than that are not asked for. */
const mostPages = 100

/** Why there is no list; a refusal to show it says nothing of what is on it. */
export type NoAnswer = Extract<Outcome<never>, { kind: 'pending' | 'unknown' }>

/** Every entry of a list: one that was not looked at, or not understood, might be the very one that is looked for. */
export const listAll = async <Entry extends { readonly id: string }>(
  body: z.ZodType<Entry>,
  askFor: (page: StripePage) => Promise<unknown>,
): Promise<readonly Entry[] | NoAnswer> => {
  const pageBody = z.object({ data: z.array(body), has_more: z.boolean().default(false) })
  const all: Entry[] = []
  for (let page = 0; page < mostPages; page += 1) {
    const last = all.at(-1)
    const answer = await ask(() =>
      askFor({ limit: pageSize, ...(last === undefined ? {} : { starting_after: last.id }) }),
    )
    const read = answer.kind === 'done' ? pageBody.safeParse(answer.value).data : undefined
    if (read === undefined) return untold(refuse(answer))
    all.push(...read.data)
    if (!read.has_more || read.data.length === 0) return all
  }
  return unparsable
}

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
