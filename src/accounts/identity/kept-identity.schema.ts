import { err, ok, type Result } from 'neverthrow'
import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import type { VerifiedIdentity } from './identity-provider.js'

/** Whom a provider has vouched for, and which it was. */
export type Proven = { readonly providerId: string; readonly identity: VerifiedIdentity }

/** What a token of an identity holds: nobody reads it without the host's key. */
export type IdentityToken = {
  readonly challengeId: string
  readonly wrapped: string
  readonly scheme: number
  readonly nonce: string
  readonly data: string
}

const issued = z.object({ issuer: z.string(), subject: z.string() })

const provenSchema = schemaOf<Proven>()(
  z.object({
    providerId: z.string(),
    identity: z.object({
      subjects: z.tuple([issued], issued),
      email: z.exactOptional(z.object({ address: z.string(), verified: z.boolean() })),
    }),
  }),
)

/** An identity as it was sealed. */
export const parseProven = (value: unknown): Result<Proven, 'notProven'> => {
  const parsed = provenSchema.safeParse(value)
  return parsed.success ? ok(parsed.data) : err('notProven')
}

/** A token as a text for a cookie or a form: its parts between tildes, which are in none of them. */
export const writeToken = ({ challengeId, wrapped, scheme, nonce, data }: IdentityToken): string =>
  [challengeId, String(scheme), wrapped, nonce, data].join('~')

/** The parts of a text that is a token; undefined where it is none. */
export const readToken = (text: string): IdentityToken | undefined => {
  const [challengeId, scheme, wrapped, nonce, data, ...more] = text.split('~')
  if (!challengeId || !scheme || !wrapped || !nonce || !data || more.length > 0) return undefined
  return /^\d{1,4}$/.test(scheme) && challengeId.length <= longestId
    ? { challengeId, scheme: Number(scheme), wrapped, nonce, data }
    : undefined
}

const longestId = 100
