-- Takes write_offs.sql back; what hangs on the new table goes with it.
ALTER TABLE journal_lines
  DROP CONSTRAINT ck_journal_lines_accountrole,
  ADD CONSTRAINT ck_journal_lines_accountrole CHECK (role IN
    ('CASH', 'COGS', 'CUSTOMER_ADVANCES', 'CUSTOMER_CREDIT', 'DISCOUNT_ALLOWED', 'GOODS_RECEIVED', 'INVENTORY',
     'RECEIVABLE', 'REFUND_CLEARING', 'REVENUE', 'SALES_RETURNS', 'SCRAP_LOSS', 'SELLING_EXPENSE', 'STOCK_ADJUSTMENT',
     'TAX_PAYABLE'))
--;
ALTER TABLE accounts DISABLE TRIGGER USER
--;
DELETE FROM accounts WHERE role = 'WRITE_OFF'
--;
ALTER TABLE accounts ENABLE TRIGGER USER
--;
DROP TRIGGER frozen_once_issued ON invoices
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON invoices
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('open_amount', 'payment_status', 'state', 'tax_point_on',
    'confirmed_at', 'voided_by_id', 'version', 'updated_at')
--;
DROP TRIGGER frozen_once_issued ON cash_sales
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON cash_sales
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change(
    'handed_over_amount', 'invoiced_at', 'open_amount', 'payment_status', 'version', 'updated_at')
