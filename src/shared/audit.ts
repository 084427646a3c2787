import type { Instant } from './instant.js'

/** A security event as it is kept: who did what to whom, when, and how it ended. Ids and states only. */
export type AuditEntry = {
  /** Name of the actor (`customer:acc_…`). */
  readonly actor: string
  /** Module and verb (`accounts.signIn`). */
  readonly action: string
  /** What it was done to: the id of an account, a challenge, an order, or a keyed digest. */
  readonly subject: string
  readonly at: Instant
  readonly outcome: 'done' | 'refused'
  /** The tag of the refusal, or what kind of change it was; never text that a person wrote. */
  readonly detail?: string
  /** Why a member of staff looked, in the words of the shop's policy. */
  readonly purpose?: string
  /** From where it was done, as far as the host said. */
  readonly origin?: AuditOrigin
}

/**
 * An entry of the audit log: a security event with the keyed digest that was made of it and its id in the commit that wrote
 * it. Whoever changes it without the shop's key is found out, also before it is sealed.
 */
export type KeptAuditEntry = AuditEntry & { readonly digest: string }

/** From where a security event came: keyed digests, which tell equal from other and nothing else, and the country. */
export type AuditOrigin = {
  readonly device?: string
  readonly network?: string
  /** ISO 3166-1 alpha-2. */
  readonly country?: string
}

/** A batch of entries sealed under the root of the batch before it: one changed character breaks every later root. */
export type AuditSeal = {
  /** 1 for the first batch, then one more each. */
  readonly sequence: number
  /** The last entry of the batch. */
  readonly upTo: { readonly at: Instant; readonly id: string }
  /** The entries by moment and id, each with the keyed digest that was written with it. */
  readonly leaves: readonly { readonly id: string; readonly digest: string }[]
  /** Root of the batch before; empty for the first. */
  readonly previousRoot: string
  /** Root of the hash tree over the leaves and all else that stands here. */
  readonly root: string
  readonly sealedAt: Instant
}
