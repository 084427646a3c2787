import { quoteName } from '../sql.js'

/** The tables that epochs of a search index stand in, by what they hold. */
export type SearchTables = Readonly<Record<'epoch' | 'document' | 'stated' | 'posting' | 'code', string>>

/** Their names in a schema. */
export const searchTables = (schema: string): SearchTables => {
  const named = (name: string): string => `${quoteName(schema)}."search_${name}"`
  return {
    epoch: named('epoch'),
    document: named('document'),
    stated: named('stated'),
    posting: named('posting'),
    code: named('code'),
  }
}

/** The columns that products are sorted by, by what the core calls them. */
export const sortColumns = {
  price: 'price_or_free',
  createdAt: 'created_at',
  launchedAt: 'launched_at',
  sold: 'sold',
  trend: 'trend',
  recommendation: 'recommendation',
} as const

/** How many products state together, in powers of two, what they state. */
export const packBits = 5

/** The statements that make them. Rows of an epoch that is ready never change; they are dropped with it. */
export const createSearchTables = (schema: string): readonly string[] => {
  const { epoch, document, stated, posting, code } = searchTables(schema)
  const place = 'shop text collate "C" not null,\n  epoch int not null'
  return [
    `create table ${epoch} (
  ${place},
  format int not null,
  from_at bigint not null,
  parts int not null,
  last_id text collate "C",
  knowledge bytea,
  ready boolean not null,
  primary key (shop, epoch)
)`,
    `create table ${document} (
  ${place},
  document int not null,
  id text collate "C" not null,
  price float8,
  price_or_free float8 not null,
  created_at float8 not null,
  launched_at float8 not null,
  sold float8 not null,
  trend float8 not null,
  recommendation float8 not null,
  "values" int[] not null,
  words int[] not null,
  primary key (shop, epoch, document)
)`,
    `create unique index "search_document_id" on ${document} (shop, epoch, id)`,
    ...Object.values(sortColumns).map(
      (column) => `create index "search_document_${column}" on ${document} (shop, epoch, ${column})`,
    ),
    // What products state, once more and many to a row: of many products it is read whole, in no time.
    `create table ${stated} (
  ${place},
  pack int not null,
  first int not null,
  starts int[] not null,
  "values" int[] not null,
  primary key (shop, epoch, pack, first)
)`,
    // A list of a row that is moved out, or compressed, would be fetched for every product.
    `alter table ${stated} set (toast_tuple_target = 8160)`,
    `alter table ${stated} alter column "values" set storage external`,
    `create table ${posting} (
  ${place},
  term int not null,
  base int not null,
  entries int[] not null,
  primary key (shop, epoch, term, base)
)`,
    // Numbers of products hardly compress, and are read with every query.
    `alter table ${posting} alter column entries set storage external`,
    `create table ${code} (
  ${place},
  code bigint not null,
  document int not null,
  primary key (shop, epoch, code, document)
)`,
  ]
}
