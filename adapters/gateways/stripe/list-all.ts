import type { Outcome } from 'shopwright/payments'
import * as z from 'zod'
import { untold } from '../untold.js'
import { ask, refuse, unparsable } from './ask.js'
import type { StripePage } from './package.js'

const pageSize = 100

/** Why there is no list; a refusal to show it says nothing of what is on it. */
export type NoAnswer = Extract<Outcome<never>, { kind: 'pending' | 'unknown' }>

/**
 * Every entry of a list: one that was not looked at, or not understood, might be the very one that is looked for.
 *
 * @param until.isEnough - whether what is read so far, newest first, goes as far back as is wanted; to the end when absent
 * @param until.mostPages - more are not asked for; 100 when absent
 */
export const listAll = async <Entry extends { readonly id: string }>(
  body: z.ZodType<Entry>,
  askFor: (page: StripePage) => Promise<unknown>,
  until: { readonly isEnough?: (read: readonly Entry[]) => boolean; readonly mostPages?: number } = {},
): Promise<readonly Entry[] | NoAnswer> => {
  const { isEnough = () => false, mostPages = 100 } = until
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
    if (!read.has_more || read.data.length === 0 || isEnough(all)) return all
  }
  return unparsable
}
