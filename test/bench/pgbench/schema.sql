-- The tables of the baseline checkout: what a careful developer writes by hand for one shop that does just this.
-- Ids are text made by the client, in the order of time, as the library's are.
create schema baseline;

create table baseline.idempotency (
  account_id text collate "C" not null,
  key text collate "C" not null,
  input_hash text not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (account_id, key)
);

create table baseline.cart (
  cart_id text collate "C" primary key,
  account_id text collate "C" not null,
  status text not null,
  version bigint not null,
  lines jsonb not null
);

create table baseline.stock (
  sku text collate "C" primary key,
  on_hand bigint not null check (on_hand >= 0)
);

create table baseline.orders (
  order_id text collate "C" primary key,
  account_id text collate "C" not null,
  status text not null,
  currency text not null,
  goods_minor bigint not null,
  shipping_minor bigint not null,
  total_minor bigint not null check (total_minor >= 0),
  price jsonb not null,
  placed_at timestamptz not null default now()
);
create index on baseline.orders (account_id, placed_at);

create table baseline.order_line (
  order_id text collate "C" not null references baseline.orders,
  line_no integer not null,
  sku text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  unit_minor bigint not null,
  total_minor bigint not null,
  primary key (order_id, line_no)
);

create table baseline.redemption (
  coupon_id text collate "C" primary key,
  order_id text collate "C" not null,
  redeemed_at timestamptz not null default now()
);

create table baseline.outbox (
  aggregate_id text collate "C" not null,
  position integer not null,
  type text not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  primary key (aggregate_id, position)
);
create index on baseline.outbox (created_at) where delivered_at is null;
