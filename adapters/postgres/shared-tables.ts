import type { PartInput } from './parts.js'
import { quoteName } from './sql.js'

const claimType = '(i int, space text, "key" text, owner text, expires_at bigint)'

/** One claim, each member an SQL expression. */
type ClaimFact = {
  readonly shop: string
  readonly space: string
  readonly key: string
  readonly owner: string
  readonly expiresAt: string
  readonly at: string
}

/** What every commit may use beside its collections: claims and the outbox, as SQL parts. */
export type SharedParts = {
  readonly claims: string
  readonly outbox: string
  readonly leases: string
  /** Locks the claims named, in order; answers `space`, `key`, `owner` and `expires_at`. */
  readonly lockClaims: (input: PartInput) => string
  /** The same without locking them. */
  readonly findClaims: (input: PartInput) => string
  /** Takes a claim, also one that ended by `at`; RETURNING `space`, `key`, `owner` and whether it was `taken`. */
  readonly takeClaims: (input: PartInput & { readonly at: string }) => string
  /** Takes claims that are locked and ended by `at`, where `whenEnded` is so; RETURNING `space` and `key`. */
  readonly takeOverClaims: (input: PartInput & { readonly at: string; readonly whenEnded?: string }) => string
  /** Inserts the claims that are absent, in order; RETURNING `space` and `key`. */
  readonly insertClaims: (input: PartInput) => string
  /** Writes owner and end of claims that are there; RETURNING `space` and `key`. */
  readonly setClaims: (input: PartInput) => string
  /** Deletes the claims that stand in the owner's name; RETURNING `space` and `key`. */
  readonly releaseClaims: (input: PartInput) => string
  /** The same of one claim, each a statement without its RETURNING; `lock` answers its owner and whether it is over. */
  readonly oneClaim: {
    readonly lock: (fact: ClaimFact) => string
    readonly take: (fact: ClaimFact) => string
    readonly insert: (fact: ClaimFact) => string
    readonly set: (fact: ClaimFact) => string
    readonly release: (fact: ClaimFact) => string
  }
  /** Writes events, each an array as `encodeEvent` makes it; RETURNING something for each. */
  readonly writeEvents: (input: PartInput) => string
}

export const sharedParts = (schema: string): SharedParts => {
  const claims = `${quoteName(schema)}."claims"`
  const outbox = `${quoteName(schema)}."outbox"`
  const claimsOf = (rows: string): string => `jsonb_to_recordset(${rows}) as r${claimType}`
  const same = (shop: string): string => `c.shop = ${shop} and c.space = r.space and c."key" = r."key"`
  const findClaims = ({ shop, rows }: PartInput): string =>
    `select c.space, c."key", c.owner, c.expires_at from ${claims} c, ${claimsOf(rows)} where ${same(shop)}`
  const inOrder = 'order by r.space collate "C", r."key" collate "C"'
  const takingOver = (at: string): string =>
    'on conflict (shop, space, "key") do update set ' +
    `owner = case when c.expires_at <= ${at} then excluded.owner else c.owner end, ` +
    `expires_at = case when c.expires_at <= ${at} then excluded.expires_at else c.expires_at end, ` +
    `taken = coalesce(c.expires_at <= ${at}, false)`
  const insertOne = ({ shop, space, key, owner, expiresAt }: ClaimFact): string =>
    `insert into ${claims} as c (shop, space, "key", owner, expires_at, taken) ` +
    `values (${shop}, ${space}, ${key}, ${owner}, ${expiresAt}, true)`
  const whereOne = ({ shop, space, key }: ClaimFact): string =>
    `where c.shop = ${shop} and c.space = ${space} and c."key" = ${key}`
  return {
    claims,
    outbox,
    leases: `${quoteName(schema)}."leases"`,
    lockClaims: ({ shop, rows }) =>
      'select o.space, o."key", o.owner, o.expires_at from ' +
      `(select r.space, r."key" from ${claimsOf(rows)} ${inOrder}) r, ` +
      `lateral (select c.space, c."key", c.owner, c.expires_at from ${claims} c where ${same(shop)} for update) o`,
    findClaims,
    takeClaims: ({ shop, rows, at }) =>
      `insert into ${claims} as c (shop, space, "key", owner, expires_at, taken) ` +
      `select ${shop}, r.space, r."key", r.owner, r.expires_at, true from ${claimsOf(rows)} ${inOrder} ` +
      `${takingOver(at)} returning c.space, c."key", c.owner, c.taken`,
    takeOverClaims: ({ shop, rows, at, whenEnded = 'true' }) =>
      `update ${claims} c set owner = r.owner, expires_at = r.expires_at, taken = true from ${claimsOf(rows)} ` +
      `where ${whenEnded} and ${same(shop)} and c.expires_at <= ${at} returning c.space, c."key"`,
    insertClaims: ({ shop, rows }) =>
      `insert into ${claims} (shop, space, "key", owner, expires_at, taken) ` +
      `select ${shop}, r.space, r."key", r.owner, r.expires_at, true from ${claimsOf(rows)} ${inOrder} ` +
      'on conflict (shop, space, "key") do nothing returning space, "key"',
    setClaims: ({ shop, rows }) =>
      `update ${claims} c set owner = r.owner, expires_at = r.expires_at from ${claimsOf(rows)} where ${same(shop)} ` +
      'returning c.space, c."key"',
    releaseClaims: ({ shop, rows }) =>
      `delete from ${claims} c using ${claimsOf(rows)} where ${same(shop)} and c.owner = r.owner ` +
      'returning c.space, c."key"',
    oneClaim: {
      lock: (fact) =>
        `select c.owner, coalesce(c.expires_at <= ${fact.at}, false) from ${claims} c ${whereOne(fact)} for update`,
      take: (fact) => `${insertOne(fact)} ${takingOver(fact.at)}`,
      insert: (fact) => `${insertOne(fact)} on conflict (shop, space, "key") do nothing`,
      set: (fact) =>
        `update ${claims} c set owner = ${fact.owner}, expires_at = ${fact.expiresAt}, taken = true ${whereOne(fact)}`,
      release: (fact) => `delete from ${claims} c ${whereOne(fact)} and c.owner = ${fact.owner}`,
    },
    // A row that was removed and made anew counts its versions from one again; its events then take the old ones' place.
    writeEvents: ({ shop, rows }) =>
      `insert into ${outbox} (shop, collection, row_id, version, "position", "partition", type, at, body) ` +
      `select ${shop}, e.item ->> 0, e.item ->> 1, (e.item -> 2)::bigint, (e.item -> 3)::int, (e.item -> 4)::int, ` +
      `e.item ->> 5, (e.item -> 6)::bigint, (e.item ->> 7)::json from jsonb_array_elements(${rows}) as e(item) ` +
      'on conflict (shop, collection, row_id, version, "position") do update set "partition" = excluded."partition", type = excluded.type, at = excluded.at, ' +
      'body = excluded.body, delivered_at = null, attempts = 0, retry_at = null, set_aside = false, reason = null ' +
      'returning 1',
  }
}

/** The statements that make the tables every shop has, whatever its collections. */
export const createSharedTables = (schema: string): readonly string[] => {
  const name = quoteName(schema)
  const open = 'where delivered_at is null and not set_aside'
  return [
    `create table ${name}."claims" (
  shop text collate "C" not null,
  space text collate "C" not null,
  "key" text collate "C" not null,
  owner text collate "C" not null,
  expires_at bigint,
  taken boolean not null,
  primary key (shop, space, "key")
)`,
    `create table ${name}."outbox" (
  shop text collate "C" not null,
  collection text collate "C" not null,
  row_id text collate "C" not null,
  version bigint not null,
  "position" int not null,
  "partition" int not null,
  type text collate "C" not null,
  at bigint not null,
  body json not null,
  delivered_at bigint,
  attempts int not null default 0,
  retry_at bigint,
  set_aside boolean not null default false,
  reason text,
  primary key (shop, collection, row_id, version, "position")
)`,
    `create index "claims_ended" on ${name}."claims" (shop, expires_at) where expires_at is not null`,
    `create index "outbox_open" on ${name}."outbox" (shop, at) ${open}`,
    `create index "outbox_delivered" on ${name}."outbox" (shop, delivered_at) where delivered_at is not null`,
    `create index "outbox_aside" on ${name}."outbox" (shop, at) where set_aside`,
    `create table ${name}."leases" (
  shop text collate "C" not null,
  "partition" int not null,
  worker text collate "C" not null,
  until bigint not null,
  primary key (shop, "partition")
)`,
  ]
}
