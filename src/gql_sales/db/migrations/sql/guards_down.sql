-- Takes guards.sql back; the triggers go with their functions, and the rights with the tables.
DROP FUNCTION queue_events, refuse_change, refuse_frozen_change, refuse_late_part, check_invoice_sums, check_journal_balance CASCADE
