ALTER TABLE accounts DISABLE TRIGGER USER
--;
DELETE FROM accounts WHERE role IN
  ('COGS', 'CUSTOMER_ADVANCES', 'GOODS_RECEIVED', 'INVENTORY', 'REFUND_CLEARING', 'SCRAP_LOSS', 'STOCK_ADJUSTMENT')
--;
ALTER TABLE accounts ENABLE TRIGGER USER
--;
ALTER TABLE journal_lines
  DROP CONSTRAINT ck_journal_lines_accountrole,
  ADD CONSTRAINT ck_journal_lines_accountrole CHECK (role IN
    ('CASH', 'CUSTOMER_CREDIT', 'DISCOUNT_ALLOWED', 'RECEIVABLE', 'REVENUE', 'SALES_RETURNS', 'SELLING_EXPENSE',
     'TAX_PAYABLE'))
--;
ALTER TABLE journal_entries
  DROP CONSTRAINT ck_journal_entries_journalevent,
  ADD CONSTRAINT ck_journal_entries_journalevent
    CHECK (event IN ('CREDITING', 'INVOICING', 'PAYMENT_ALLOCATION', 'REFUNDING'))
--;
ALTER TABLE stock_pools
  DROP CONSTRAINT ck_stock_pools_nothing_is_worth_nothing,
  DROP CONSTRAINT ck_stock_pools_unit_cost_not_negative,
  DROP CONSTRAINT ck_stock_pools_inventory_amount_not_negative,
  DROP CONSTRAINT ck_stock_pools_valued_quantity_not_negative
