-- The baseline checkout where everybody wants one product, frozen: the statements of checkout.sql with one line in the
-- order and one SKU, whose row every transaction has to wait for. Nine round trips.
\set sequence :sequence + 1
\set order_id 1000000000000000000 + :run * 1000000000000000 + :client_id * 1000000000000 + :sequence
\set account_id random(1, 1000)
-- 1
begin;
-- 2
insert into baseline.idempotency (account_id, key, input_hash, answer) values (:account_id, :order_id, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '{"status": "awaitingPayment", "payableMinor": 9356, "currency": "CNY"}');
-- 3
select account_id, status, version, lines from baseline.cart where cart_id = :account_id;
-- 4
update baseline.stock set on_hand = on_hand - 1 where sku = '1' and on_hand >= 1;
-- 5
insert into baseline.orders (order_id, account_id, status, currency, goods_minor, shipping_minor, total_minor, price) values (:order_id, :account_id, 'awaitingPayment', 'CNY', 8356, 1000, 9356, '{"listMinor": 9990, "discountMinor": 1634, "goodsMinor": 8356, "shippingMinor": 1000, "taxMinor": 961, "payableMinor": 9356, "pricingVersion": 1, "offers": [{"offerId": "offer-1", "discountMinor": 1634}]}');
-- 6
insert into baseline.order_line (order_id, line_no, sku, quantity, unit_minor, total_minor) values (:order_id, 1, '1', 1, 9990, 9356);
-- 7
insert into baseline.redemption (coupon_id, order_id) values (:order_id, :order_id);
-- 8
insert into baseline.outbox (aggregate_id, position, type, body) values (:order_id, 0, 'OrderPlaced', '{"type": "OrderPlaced", "currency": "CNY", "goodsMinor": 8356, "shippingMinor": 1000, "totalMinor": 9356, "lines": [{"lineId": "1", "quantity": 1}]}'), (:order_id, 1, 'CouponLocked', '{"type": "CouponLocked", "offerId": "offer-1", "discountMinor": 1634, "lockedUntil": 1764000000000}');
-- 9
commit;
