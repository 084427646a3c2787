-- What the baseline checkout finds: 3,000 SKUs that never run out, and 1,000 carts of three lines.
insert into baseline.stock
select n::text, 1000000000 from generate_series(1, 3000) as n;

insert into baseline.cart
select n::text, n::text, 'open', 1,
  jsonb_build_array(
    jsonb_build_object('lineId', '1', 'sku', n::text, 'quantity', 1),
    jsonb_build_object('lineId', '2', 'sku', (n + 1000)::text, 'quantity', 2),
    jsonb_build_object('lineId', '3', 'sku', (n + 2000)::text, 'quantity', 3)
  )
from generate_series(1, 1000) as n;

analyze baseline.stock, baseline.cart;
