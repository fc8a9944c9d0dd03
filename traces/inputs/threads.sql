-- A sort larger than its cache: helper threads sort what is written out. Once there are threads, each
-- lock of SQLite and of the allocator is a real one.
PRAGMA threads = 2;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = 50;
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER, note TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO orders SELECT i, i * 7919 % 10007, 'note ' || i * 104729 % 65537 FROM n;
CREATE INDEX by_note ON orders(note);
CREATE INDEX by_customer ON orders(customer, note);
SELECT count(*), max(n) FROM (SELECT note || customer AS n FROM orders ORDER BY customer DESC, note);
DELETE FROM orders WHERE id % 3 = 0;
