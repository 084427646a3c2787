import * as z from 'zod'
import type { Collection, Log } from '../shared/collection.js'
import { sealedSchema } from '../shared/personal-data.schema.js'
import { parseStored } from '../shared/stored.schema.js'
import type { LevelEntry } from './level-entry.js'
import type { Member } from './member.js'

const step = z.object({ from: z.int(), levelId: z.string().nullable(), rank: z.int() })
const times = z.int().min(0)
const benefits = z.record(z.string(), z.string())
const earned = z
  .object({
    day: z.string(),
    times: z.object({
      signIn: z.exactOptional(times),
      share: z.exactOptional(times),
      review: z.exactOptional(times),
      invitation: z.exactOptional(times),
    }),
  })
  .nullable()

const memberSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('member'),
    accountId: z.string(),
    joinedAt: z.int(),
    termsRevision: z.int(),
    levelId: z.string().nullable(),
    rank: z.int(),
    levelSince: z.int(),
    steps: z.array(step),
    nextStepAt: z.int().nullable(),
    birthday: z.object({ day: sealedSchema, key: z.string() }).nullable(),
    streak: z.object({ day: z.string(), days: z.int() }).nullable(),
    earned,
    benefits,
    birthdayAt: z.int(),
    birthdayFrom: z.int().nullable(),
  }),
  z.object({
    status: z.literal('left'),
    accountId: z.string(),
    joinedAt: z.int(),
    leftAt: z.int(),
    benefits,
    checkedInOn: z.string().nullable(),
    earned,
    birthdayFrom: z.int().nullable(),
  }),
])

/** The members of the programme; the id is the account's. */
export const members: Collection<Member> = {
  name: 'member',
  rank: 44,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    status: { type: 'text', path: 'status' },
    levelId: { type: 'text', path: 'levelId' },
    joinedAt: { type: 'instant', path: 'joinedAt' },
    nextStepAt: { type: 'instant', path: 'nextStepAt' },
    birthdayKey: { type: 'text', path: 'birthday.key' },
    birthdayAt: { type: 'instant', path: 'birthdayAt' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<Member>('member')(memberSchema),
}

const levelEntrySchema = z.object({
  entryId: z.string(),
  accountId: z.string(),
  kind: z.enum(['spent', 'signIn', 'contribution']),
  reference: z.string(),
  amount: z.int(),
  countsAt: z.int(),
  at: z.int(),
})

/** Everything that counts toward levels. */
export const levelEntries: Log<LevelEntry> = {
  name: 'levelEntry',
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    reference: { type: 'text', path: 'reference' },
    countsAt: { type: 'instant', path: 'countsAt' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<LevelEntry>('levelEntry')(levelEntrySchema),
}
