import type { CollectionParts, CounterParts, PartInput } from 'shopwright/adapters/postgres'

/** The tables of a pottery that had them before it had a shop; `schema` is written as SQL has it. */
export const createHostTables = (schema: string): string => `
create table ${schema}.goods (
  goods_no text collate "C" primary key,
  name_en text not null,
  name_zh text not null,
  maker text collate "C" not null default '',
  on_sale text collate "C" not null check (on_sale in ('draft', 'active', 'archived')),
  price_fen bigint,
  revision bigint not null default 1,
  made_at timestamptz not null default now(),
  -- Raised by whoever changes a row: searches read what was changed since they looked last.
  changed_at timestamptz not null default now(),
  -- What the shop knows beyond the pottery's own columns; null where the pottery entered the goods by itself.
  details jsonb
);
create table ${schema}.shelf (
  goods_no text collate "C" not null,
  room text collate "C" not null,
  on_hand integer not null check (on_hand >= 0),
  primary key (goods_no, room)
);
create index on ${schema}.shelf ((goods_no || '@' || room));`

// The tables hold one shop, so every part asks whether it is the one.
const isOurs = ({ shop }: Pick<PartInput, 'shop'>): string => `${shop} = 'main'`

// #region goods
// Goods that the pottery entered by itself: one variant under the number of the goods, at the price that stands there.
const entered = `jsonb_build_object(
  'productId', g.goods_no, 'externalId', g.goods_no, 'merchantId', 'me', 'description', '{"en":"","zh-CN":""}'::jsonb,
  'homeCategoryIds', '[]'::jsonb, 'categoryIds', '[]'::jsonb, 'attributes', '{}'::jsonb, 'media', '[]'::jsonb,
  'perPersonLimit', null, 'facets', '[]'::jsonb, 'minPriceMinor', g.price_fen,
  'variants', jsonb_build_array(jsonb_build_object('sku', g.goods_no, 'options', '{}'::jsonb, 'weightGrams', 500,
    'taxClass', 'goods', 'discountable', true, 'listPrice', '{"currency":"CNY"}'::jsonb)),
  'createdAt', round(extract(epoch from g.made_at) * 1000))`

const changedAt = 'round(extract(epoch from g.changed_at) * 1000)'

// What a status of the shop's own says of when it came; a clerk who writes the status says no more than when that was.
const moments = `case g.on_sale when 'draft' then '{}'::jsonb
  when 'active' then jsonb_build_object('publishedAt', ${changedAt})
  else jsonb_build_object('archivedAt', ${changedAt}) end`

// The pottery's own columns come last, so that a price that it changes is the price that the shop sells at.
const product = `jsonb_set(
  ${moments} || coalesce(g.details, ${entered}) || jsonb_build_object('status', g.on_sale, 'brand', g.maker,
    'updatedAt', ${changedAt}, 'title', jsonb_build_object('en', g.name_en, 'zh-CN', g.name_zh)),
  '{variants,0,listPrice,minor}', coalesce(to_jsonb(g.price_fen), 'null'), true)`

const rowsOf = ({ rows }: PartInput): string =>
  `jsonb_to_recordset(${rows}) as r(id text, version bigint, next bigint, state jsonb)`

const written = `r.state #>> '{title,en}' as name_en, r.state #>> '{title,zh-CN}' as name_zh, r.state ->> 'brand' as maker,
  r.state ->> 'status' as on_sale, (r.state #>> '{variants,0,listPrice,minor}')::bigint as price_fen,
  to_timestamp((r.state ->> 'updatedAt')::numeric / 1000.0) as changed_at,
  r.state - 'title' - 'brand' - 'status' - 'updatedAt' as details`

/** Products, over the pottery's own table of goods. */
export const goodsParts = (schema: string): CollectionParts => ({
  relation: `(select s.*, s.state ->> 'externalId' collate "C" as external_id, s.state ->> 'merchantId' collate "C" as merchant_id,
    (s.state ->> 'minPriceMinor')::bigint as min_price, s.state -> 'categoryIds' as categories,
    coalesce((s.state #>> '{standing,sold}')::bigint, 0) as sold,
    coalesce((s.state #>> '{standing,ratingTenths}')::bigint, 0) as rating,
    coalesce((s.state #>> '{standing,recommendationBasisPoints}')::bigint, 0) as recommendation,
    coalesce((s.state #>> '{standing,recent,trend}')::bigint, 0) as trend,
    s.state -> 'facets' as facets, to_timestamp((s.state ->> 'createdAt')::numeric / 1000.0) as created_at,
    to_timestamp((s.state ->> 'updatedAt')::numeric / 1000.0) as updated_at
    from (select 'main' as shop, g.goods_no as id, g.revision as version, 1 as schema_version, g.on_sale, g.maker,
      ${product} as state from ${schema}.goods g) s)`,
  columns: {
    status: 'on_sale',
    brand: 'maker',
    externalId: 'external_id',
    merchantId: 'merchant_id',
    minPriceMinor: 'min_price',
    sold: 'sold',
    ratingTenths: 'rating',
    recommendation: 'recommendation',
    trend: 'trend',
    createdAt: 'created_at',
    updatedAt: 'updated_at',
    categoryIds: 'categories',
    facets: 'facets',
  },
  lock: (input) => `select r.i, r.id, r.version as wanted, o.revision as version
    from (select * from jsonb_to_recordset(${input.rows}) as l(i int, id text, version bigint) order by l.id collate "C") r
    left join lateral (select g.revision from ${schema}.goods g where ${isOurs(input)} and g.goods_no = r.id
      for ${input.strength}) o on true`,
  insert: (input) => `insert into ${schema}.goods
    (goods_no, revision, name_en, name_zh, maker, on_sale, price_fen, changed_at, details)
    select r.id, r.next, ${written} from ${rowsOf(input)} where ${isOurs(input)} order by r.id collate "C"
    on conflict (goods_no) do nothing returning goods_no as id`,
  update: (input) => `update ${schema}.goods g set revision = n.next, name_en = n.name_en, name_zh = n.name_zh,
      maker = n.maker, on_sale = n.on_sale, price_fen = n.price_fen, changed_at = n.changed_at, details = n.details
    from (select r.id, r.version, r.next, ${written} from ${rowsOf(input)}) n
    where ${isOurs(input)} and g.goods_no = n.id and g.revision = n.version returning g.goods_no as id`,
  remove: (input) => `delete from ${schema}.goods g using ${rowsOf(input)}
    where ${isOurs(input)} and g.goods_no = r.id and g.revision = r.version returning g.goods_no as id`,
})
// #endregion

// #region shelf
// A counter of the shop is named `SKU@warehouse`; the pottery has a column for each.
const goodsNo = `substring(r.id from '^(.*)@[^@]*$')`
const room = `substring(r.id from '@([^@]*)$')`
const most = 2_147_483_647

const valuesOf = ({ rows }: PartInput): string => `jsonb_to_recordset(${rows}) as r(id text, value bigint)`

/** Free pieces, over the pottery's own shelves. */
export const shelfParts = (schema: string): CounterParts => ({
  relation: `(select 'main' as shop, s.goods_no || '@' || s.room as id, s.on_hand::bigint as value from ${schema}.shelf s)`,
  adjust: (input) => {
    const moveOf = (what: string): string =>
      `(select m.${what} from moves m where m.goods_no = s.goods_no and m.room = s.room)`
    return `with moves as materialized (
      select ${goodsNo} as goods_no, ${room} as room, r.id, r.by, greatest(r.floor, 0) as floor, r.initial + r.by as first
      from jsonb_to_recordset(${input.rows}) as r(id text, by bigint, floor bigint, initial bigint) where ${isOurs(input)})
    insert into ${schema}.shelf as s (goods_no, room, on_hand)
    select m.goods_no, m.room, least(greatest(m.first, m.floor), ${most}) from moves m
    where m.first between m.floor and ${most}
      or exists (select from ${schema}.shelf k where k.goods_no = m.goods_no and k.room = m.room)
    order by m.id collate "C"
    on conflict (goods_no, room) do update set on_hand = s.on_hand + ${moveOf('by')}
    where s.on_hand + ${moveOf('by')} between ${moveOf('floor')} and ${most}
    returning s.goods_no || '@' || s.room as id, s.on_hand::bigint as value`
  },
  lock: (input) => `select r.id, o.on_hand::bigint as value
    from (select * from jsonb_to_recordset(${input.rows}) as l(id text) order by l.id collate "C") r
    left join lateral (select s.on_hand from ${schema}.shelf s
      where ${isOurs(input)} and s.goods_no = ${goodsNo} and s.room = ${room} for update) o on true`,
  set: (input) => `update ${schema}.shelf s set on_hand = r.value from ${valuesOf(input)}
    where ${isOurs(input)} and s.goods_no = ${goodsNo} and s.room = ${room} returning r.id`,
  insert: (input) => `insert into ${schema}.shelf as s (goods_no, room, on_hand)
    select ${goodsNo}, ${room}, r.value from ${valuesOf(input)} where ${isOurs(input)} order by r.id collate "C"
    on conflict (goods_no, room) do nothing returning s.goods_no || '@' || s.room as id`,
})
// #endregion
