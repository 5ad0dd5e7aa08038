-- Voided and confirmed invoices stand in the way on purpose: what they are would be forgotten.
ALTER TABLE credit_memos
  DROP CONSTRAINT ck_credit_memos_creditmemocause,
  ADD CONSTRAINT ck_credit_memos_creditmemocause CHECK (cause IN
    ('CANCELLED_QUANTITY', 'LOST_CONSIGNMENT', 'MANUAL', 'PRICE_CORRECTION', 'SCHEME'))
--;
ALTER TABLE invoices
  DROP CONSTRAINT ck_invoices_confirmed_with_a_day,
  DROP CONSTRAINT ck_invoices_voided_by_a_memo,
  DROP CONSTRAINT ck_invoices_invoicestate,
  ADD CONSTRAINT ck_invoices_invoicestate CHECK (state IN ('ISSUED'))
--;
DROP TRIGGER set_once ON invoices
--;
DROP TRIGGER frozen_once_issued ON invoices
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON invoices
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('open_amount', 'payment_status', 'version', 'updated_at')
