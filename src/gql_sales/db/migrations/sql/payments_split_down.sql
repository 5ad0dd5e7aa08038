-- Takes payments_split.sql back; allocations that were taken back stay in the way on purpose.
DROP FUNCTION check_tender_sums CASCADE
--;
DROP TRIGGER frozen_once_issued ON tenders
--;
CREATE TRIGGER frozen_once_issued BEFORE UPDATE ON tenders
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('refunded_amount')
--;
CREATE TRIGGER parts_come_with_the_whole BEFORE INSERT ON tenders
  FOR EACH ROW EXECUTE FUNCTION refuse_late_part('payments', 'payment_id')
--;
ALTER TABLE tenders DROP CONSTRAINT ck_tenders_replaced_before_refunds
--;
ALTER TABLE payment_allocations
  DROP CONSTRAINT ck_payment_allocations_negated_when_reversing,
  ADD CONSTRAINT ck_payment_allocations_amount_above_zero CHECK (amount > 0)
--;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') AND current_user <> 'gql_sales_server' THEN
    REVOKE UPDATE (replaced_at) ON tenders FROM gql_sales_server;
  END IF;
END
$$
