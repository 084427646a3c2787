import { okAsync, ResultAsync } from 'neverthrow'
import { auditLog } from './audit.schema.js'
import { type AuditNote, append, type Change, type DecidedChange } from './commit.js'
import { canonicalJson, type JsonObject } from './json.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'

/**
 * Makes entries of the audit log of the security events among changes, each with its keyed digest; every other change stays
 * as it is. One digest for each event, none where there is none.
 *
 * @errors CryptoUnavailable
 */
export const signAudit = (
  ports: Pick<CorePorts, 'shop' | 'digests'>,
  changes: readonly DecidedChange[],
): ResultAsync<readonly Change[], CryptoUnavailable> =>
  changes.every(isWritable)
    ? okAsync(changes)
    : ResultAsync.combine(
        changes.map((change) =>
          isWritable(change)
            ? okAsync<Change, CryptoUnavailable>(change)
            : digestEntry(ports, change).map((digest) =>
                append(auditLog, { id: change.id, body: { ...change.body, digest } }),
              ),
        ),
      )

/**
 * The keyed digest of a security event, over the shop, its id and all that it says, its moment among it; a digest that it
 * has is no part of it. So an entry is no other entry, and none of another shop with the same key.
 *
 * @errors CryptoUnavailable
 */
export const digestEntry = (
  { shop, digests }: Pick<CorePorts, 'shop' | 'digests'>,
  { id, body }: { readonly id: string; readonly body: JsonObject },
): ResultAsync<string, CryptoUnavailable> => {
  const { digest: _, ...said } = body
  return digests.digest('audit-entry', canonicalJson({ shop, id, body: said }))
}

const isWritable = (change: DecidedChange): change is Exclude<DecidedChange, AuditNote> => change.kind !== 'note'
