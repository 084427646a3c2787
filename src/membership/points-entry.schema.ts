import * as z from 'zod'
import type { Log } from '../shared/collection.js'
import { append, type Change } from '../shared/commit.js'
import { parseStored } from '../shared/stored.schema.js'
import type { PointsEvent } from './points-account.js'
import { entryOf, type PointsEntry } from './points-entry.js'

const entrySchema = z.object({
  entryId: z.string(),
  accountId: z.string(),
  at: z.int(),
  type: z.enum([
    'PointsGranted',
    'PointsPromised',
    'PointsActivated',
    'PointsHeld',
    'HoldSettled',
    'HoldReleased',
    'PointsRestored',
    'PointsClawedBack',
    'PointsExpired',
    'PointsAccountClosed',
  ]),
  reference: z.string(),
  parts: z.array(
    z.object({
      place: z.enum(['minted', 'pending', 'lots', 'held', 'spent', 'expired', 'clawedBack', 'debt', 'lost']),
      of: z.string().nullable(),
      delta: z.int(),
    }),
  ),
})

/** Every movement of points, both sides; an entry stands once under its id. */
export const pointsEntries: Log<PointsEntry> = {
  name: 'pointsEntry',
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    at: { type: 'instant', path: 'at' },
    type: { type: 'text', path: 'type' },
    reference: { type: 'text', path: 'reference' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<PointsEntry>('pointsEntry')(entrySchema),
}

/** The entries that go with events of an account, into the same commit as its `put`. */
export const appendPoints = (accountId: string, events: readonly PointsEvent[]): readonly Change[] =>
  events.flatMap((event) => {
    const entry = entryOf(accountId, event)
    return entry === undefined ? [] : [append(pointsEntries, { id: entry.entryId, body: entry })]
  })
