-- Allocations are taken back by rows of their own, and tenders of a payment may be replaced by others of the same sum.
-- Statements are separated as in guards.sql.
ALTER TABLE payment_allocations
  DROP CONSTRAINT ck_payment_allocations_amount_above_zero,
  ADD CONSTRAINT ck_payment_allocations_negated_when_reversing
    CHECK (amount <> 0 AND (amount < 0) = (reverses_id IS NOT NULL))
--;
ALTER TABLE tenders ADD CONSTRAINT ck_tenders_replaced_before_refunds
  CHECK (replaced_at IS NULL OR refunded_amount = 0)
--;
DROP TRIGGER parts_come_with_the_whole ON tenders
--;
DROP TRIGGER frozen_once_issued ON tenders
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON tenders
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('refunded_amount', 'replaced_at')
--;
-- Tenders may come later than their payment now, so what they sum to is judged instead.
CREATE FUNCTION check_tender_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint;
  found numeric;
BEGIN
  SELECT amount INTO wanted FROM payments WHERE id = NEW.payment_id;
  SELECT coalesce(sum(amount), 0) INTO found FROM tenders WHERE payment_id = NEW.payment_id AND replaced_at IS NULL;
  IF found <> wanted THEN
    RAISE EXCEPTION 'payment % is %, its tenders sum to %', NEW.payment_id, wanted, found
      USING ERRCODE = 'check_violation', CONSTRAINT = 'tender_sums', TABLE = 'tenders';
  END IF;
  RETURN NULL;
END
$$
--;
CREATE CONSTRAINT TRIGGER tender_sums AFTER INSERT OR UPDATE OF replaced_at ON tenders DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_tender_sums()
--;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') AND current_user <> 'gql_sales_server' THEN
    GRANT UPDATE (replaced_at) ON tenders TO gql_sales_server;
  END IF;
END
$$
