-- An issued invoice may be confirmed once and voided once; what else it says stays frozen.
DROP TRIGGER frozen_once_issued ON invoices
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON invoices
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('open_amount', 'payment_status', 'state', 'tax_point_on',
    'confirmed_at', 'voided_by_id', 'version', 'updated_at')
--;
CREATE TRIGGER set_once BEFORE UPDATE ON invoices
  FOR EACH ROW WHEN (
    NEW.tax_point_on IS DISTINCT FROM OLD.tax_point_on AND (OLD.tax_point_on IS NOT NULL OR NEW.confirmed_at IS NULL)
    OR NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at AND OLD.tax_point_on IS NOT NULL
    OR OLD.voided_by_id IS NOT NULL AND NEW.voided_by_id IS DISTINCT FROM OLD.voided_by_id
    OR OLD.state = 'VOIDED' AND NEW.state <> 'VOIDED'
  ) EXECUTE FUNCTION refuse_change()
--;
ALTER TABLE invoices
  DROP CONSTRAINT ck_invoices_invoicestate,
  ADD CONSTRAINT ck_invoices_invoicestate CHECK (state IN ('ISSUED', 'VOIDED')),
  ADD CONSTRAINT ck_invoices_voided_by_a_memo CHECK ((state = 'VOIDED') = (voided_by_id IS NOT NULL)),
  ADD CONSTRAINT ck_invoices_confirmed_with_a_day CHECK (confirmed_at IS NULL OR tax_point_on IS NOT NULL)
--;
ALTER TABLE credit_memos
  DROP CONSTRAINT ck_credit_memos_creditmemocause,
  ADD CONSTRAINT ck_credit_memos_creditmemocause CHECK (cause IN
    ('CANCELLED_QUANTITY', 'INVOICE_VOID', 'LOST_CONSIGNMENT', 'MANUAL', 'PRICE_CORRECTION', 'SCHEME'))
