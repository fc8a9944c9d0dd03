-- A table, an index, and the three kinds of query: by key, by range, by aggregate.
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER, amount REAL, note TEXT);
CREATE INDEX by_customer ON orders(customer);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO orders SELECT i, i * 7919 % 1009, i * 31 % 997 / 10.0, 'note ' || i * 104729 % 65537 FROM n;
SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    SELECT amount FROM n JOIN orders ON id = i * 7 % 20000);
SELECT customer, count(*), sum(amount) FROM orders GROUP BY customer ORDER BY 3 DESC LIMIT 10;
SELECT o.id FROM orders o JOIN orders p ON o.customer = p.customer WHERE o.id < 200 AND p.amount > 90;
SELECT max(note) FROM orders WHERE note LIKE '%77%';
UPDATE orders SET amount = amount * 2 WHERE customer BETWEEN 100 AND 200;
DELETE FROM orders WHERE id % 3 = 0;
