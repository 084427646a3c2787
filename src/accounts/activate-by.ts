import type { Instant } from '../shared/instant.js'
import type { AccountsPolicy } from './accounts-policy.js'
import type { Challenge } from './challenge.js'

/** When a registration lapses, as each of its challenges says; those of an earlier release said it by when they were issued. */
export const activateByOf = (
  { activateBy, issuedAt }: Challenge,
  { activationMs }: Pick<AccountsPolicy, 'activationMs'>,
): Instant => activateBy ?? issuedAt + activationMs
