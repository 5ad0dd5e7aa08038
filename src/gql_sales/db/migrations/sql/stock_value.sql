-- What lies in normal and repair bins has a value from here on; what is there already has none until it is told.
UPDATE stock_pools SET valued_quantity = lying.on_hand
FROM (
  SELECT w.pool_id, l.product_id, sum(l.on_hand) AS on_hand
  FROM stock_levels l JOIN warehouses w ON w.id = l.warehouse_id JOIN bins b ON b.id = l.bin_id
  WHERE b.kind IN ('NORMAL', 'REPAIR') AND l.owner = 'OWN'
  GROUP BY 1, 2
) lying
WHERE lying.pool_id = stock_pools.pool_id AND lying.product_id = stock_pools.product_id
--;
ALTER TABLE stock_pools
  ADD CONSTRAINT ck_stock_pools_valued_quantity_not_negative CHECK (valued_quantity >= 0),
  ADD CONSTRAINT ck_stock_pools_inventory_amount_not_negative CHECK (inventory_amount >= 0),
  ADD CONSTRAINT ck_stock_pools_unit_cost_not_negative CHECK (unit_cost >= 0),
  ADD CONSTRAINT ck_stock_pools_nothing_is_worth_nothing CHECK (valued_quantity > 0 OR inventory_amount = 0)
--;
ALTER TABLE journal_entries
  DROP CONSTRAINT ck_journal_entries_journalevent,
  ADD CONSTRAINT ck_journal_entries_journalevent
    CHECK (event IN ('CREDITING', 'HOLDING', 'INVOICING', 'PAYMENT_ALLOCATION', 'REFUNDING', 'STOCK'))
--;
ALTER TABLE journal_lines
  DROP CONSTRAINT ck_journal_lines_accountrole,
  ADD CONSTRAINT ck_journal_lines_accountrole CHECK (role IN
    ('CASH', 'COGS', 'CUSTOMER_ADVANCES', 'CUSTOMER_CREDIT', 'DISCOUNT_ALLOWED', 'GOODS_RECEIVED', 'INVENTORY',
     'RECEIVABLE', 'REFUND_CLEARING', 'REVENUE', 'SALES_RETURNS', 'SCRAP_LOSS', 'SELLING_EXPENSE', 'STOCK_ADJUSTMENT',
     'TAX_PAYABLE'))
--;
INSERT INTO accounts (id, company_id, role, code, name)
SELECT gen_random_uuid(), companies.id, account.role, account.code, account.name
FROM companies, (VALUES
  ('REFUND_CLEARING', '1100', 'Refund clearing'), ('INVENTORY', '1400', 'Inventory'),
  ('CUSTOMER_ADVANCES', '1500', 'Customer advances'), ('GOODS_RECEIVED', '1800', 'Goods received'),
  ('COGS', '5000', 'Cost of goods sold'), ('STOCK_ADJUSTMENT', '5100', 'Stock adjustment'),
  ('SCRAP_LOSS', '5200', 'Scrap loss')
) AS account (role, code, name)
