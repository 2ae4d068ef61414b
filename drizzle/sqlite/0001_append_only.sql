-- What was recorded is never changed or removed.
CREATE TRIGGER `points_entries_no_update` BEFORE UPDATE ON `points_entries` BEGIN SELECT raise(abort, 'points_entries is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `points_entries_no_delete` BEFORE DELETE ON `points_entries` BEGIN SELECT raise(abort, 'points_entries is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `order_events_no_update` BEFORE UPDATE ON `order_events` BEGIN SELECT raise(abort, 'order_events is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `order_events_no_delete` BEFORE DELETE ON `order_events` BEGIN SELECT raise(abort, 'order_events is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `spend_adjustments_no_update` BEFORE UPDATE ON `spend_adjustments` BEGIN SELECT raise(abort, 'spend_adjustments is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `spend_adjustments_no_delete` BEFORE DELETE ON `spend_adjustments` BEGIN SELECT raise(abort, 'spend_adjustments is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `programs_no_update` BEFORE UPDATE ON `programs` BEGIN SELECT raise(abort, 'programs is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `programs_no_delete` BEFORE DELETE ON `programs` BEGIN SELECT raise(abort, 'programs is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `answers_no_update` BEFORE UPDATE ON `answers` BEGIN SELECT raise(abort, 'answers is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `answers_no_delete` BEFORE DELETE ON `answers` BEGIN SELECT raise(abort, 'answers is append only'); END;
