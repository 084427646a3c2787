-- The baseline checkout, frozen: changing a statement here changes what every figure is compared with.
-- Eleven round trips, one a statement, numbered below: BEGIN and COMMIT, the idempotency row, the cart read, three
-- conditional stock updates, the order, its three lines as one insert, the redemption, and the two outbox rows as one
-- insert. Run by `pgbench -M prepared -D run=N -D sequence=0`, N from 1 to 999 and not used before on the database.
-- The three SKUs come from three ranges in ascending order, so that no two checkouts wait for each other in a circle.
\set sequence :sequence + 1
\set order_id 1000000000000000000 + :run * 1000000000000000 + :client_id * 1000000000000 + :sequence
\set account_id random(1, 1000)
\set sku_1 random(1, 1000)
\set sku_2 random(1001, 2000)
\set sku_3 random(2001, 3000)
-- 1
begin;
-- 2
insert into baseline.idempotency (account_id, key, input_hash, answer) values (:account_id, :order_id, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '{"status": "awaitingPayment", "payableMinor": 59970, "currency": "CNY"}');
-- 3
select account_id, status, version, lines from baseline.cart where cart_id = :account_id;
-- 4
update baseline.stock set on_hand = on_hand - 1 where sku = :sku_1 and on_hand >= 1;
-- 5
update baseline.stock set on_hand = on_hand - 2 where sku = :sku_2 and on_hand >= 2;
-- 6
update baseline.stock set on_hand = on_hand - 3 where sku = :sku_3 and on_hand >= 3;
-- 7
insert into baseline.orders (order_id, account_id, status, currency, goods_minor, shipping_minor, total_minor, price) values (:order_id, :account_id, 'awaitingPayment', 'CNY', 58970, 1000, 59970, '{"listMinor": 62970, "discountMinor": 4000, "goodsMinor": 58970, "shippingMinor": 1000, "taxMinor": 6784, "payableMinor": 59970, "pricingVersion": 1, "offers": [{"offerId": "offer-1", "discountMinor": 4000}]}');
-- 8
insert into baseline.order_line (order_id, line_no, sku, quantity, unit_minor, total_minor) values (:order_id, 1, :sku_1, 1, 9990, 9356), (:order_id, 2, :sku_2, 2, 11500, 21539), (:order_id, 3, :sku_3, 3, 9990, 28075);
-- 9
insert into baseline.redemption (coupon_id, order_id) values (:order_id, :order_id);
-- 10
insert into baseline.outbox (aggregate_id, position, type, body) values (:order_id, 0, 'OrderPlaced', '{"type": "OrderPlaced", "currency": "CNY", "goodsMinor": 58970, "shippingMinor": 1000, "totalMinor": 59970, "lines": [{"lineId": "1", "quantity": 1}, {"lineId": "2", "quantity": 2}, {"lineId": "3", "quantity": 3}]}'), (:order_id, 1, 'CouponLocked', '{"type": "CouponLocked", "offerId": "offer-1", "discountMinor": 4000, "lockedUntil": 1764000000000}');
-- 11
commit;
