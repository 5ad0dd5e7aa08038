-- A hold is written once and released once. Statements are separated as in guards.sql.
CREATE TRIGGER history_is_kept BEFORE DELETE OR TRUNCATE ON order_holds EXECUTE FUNCTION refuse_change()
--;
CREATE TRIGGER frozen_once_held BEFORE UPDATE ON order_holds
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('release_reason', 'released_at', 'released_by')
--;
CREATE TRIGGER released_once BEFORE UPDATE ON order_holds
  FOR EACH ROW WHEN (OLD.released_at IS NOT NULL) EXECUTE FUNCTION refuse_change()
--;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gql_sales_server') AND current_user <> 'gql_sales_server' THEN
    REVOKE DELETE ON order_holds FROM gql_sales_server;
  END IF;
END
$$
