import { ok } from 'neverthrow'
import * as z from 'zod'
import type { AuditSeal, KeptAuditEntry } from './audit.js'
import type { Collection, Log } from './collection.js'
import type { Json, JsonObject } from './json.js'
import { parseStored } from './stored.schema.js'

/** Every security event, appended with the decision that it tells of. */
export const auditLog: Log<KeptAuditEntry> = {
  name: 'audit',
  fields: {
    actor: { type: 'text', path: 'actor' },
    action: { type: 'text', path: 'action' },
    subject: { type: 'text', path: 'subject' },
    at: { type: 'instant', path: 'at' },
    outcome: { type: 'text', path: 'outcome' },
  },
  // What was done to an account is its owner's to be given.
  ownership: { own: 'subject' },
  parse: parseStored<KeptAuditEntry>('audit')(
    z.object({
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      at: z.int(),
      outcome: z.enum(['done', 'refused']),
      detail: z.exactOptional(z.string()),
      purpose: z.exactOptional(z.string()),
      origin: z.exactOptional(
        z.object({
          device: z.exactOptional(z.string()),
          network: z.exactOptional(z.string()),
          country: z.exactOptional(z.string()),
        }),
      ),
      digest: z.string(),
    }),
  ),
}

/** The same log as it stands, whatever it says: one entry that can no longer be read keeps no other from being proved. */
export const auditAsStored: Log<JsonObject> = {
  ...auditLog,
  parse: (stored) => ok(isObject(stored) ? stored : {}),
}

const isObject = (stored: Json): stored is JsonObject =>
  typeof stored === 'object' && stored !== null && !Array.isArray(stored)

/** The sealed batches of the audit log, by sequence. */
export const auditSeals: Collection<AuditSeal> = {
  name: 'auditSeal',
  rank: 95,
  schemaVersion: 1,
  fields: { sequence: { type: 'integer', path: 'sequence' }, sealedAt: { type: 'instant', path: 'sealedAt' } },
  ownership: {},
  parse: parseStored<AuditSeal>('auditSeal')(
    z.object({
      sequence: z.int().min(1),
      upTo: z.object({ at: z.int(), id: z.string() }),
      leaves: z.array(z.object({ id: z.string(), digest: z.string() })),
      previousRoot: z.string(),
      root: z.string(),
      sealedAt: z.int(),
    }),
  ),
}
