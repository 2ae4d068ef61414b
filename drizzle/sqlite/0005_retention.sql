-- An idempotency record is never changed, but is removed when it is older than it is kept for.
DROP TRIGGER `answers_no_delete`;
--> statement-breakpoint
UPDATE `members` SET `first_name_folded` = lower(`first_name`), `last_name_folded` = lower(`last_name`);
