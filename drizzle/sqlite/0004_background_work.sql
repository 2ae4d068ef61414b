CREATE TABLE `leases` (
	`site_id` text NOT NULL,
	`name` text NOT NULL,
	`holder` text NOT NULL,
	`fence` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `name`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `outbox` (
	`site_id` text NOT NULL,
	`member_id` text NOT NULL,
	`number` integer NOT NULL,
	`type` text NOT NULL,
	`order_id` text,
	`event_sequence` integer,
	`first_entry` integer,
	`last_entry` integer,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `member_id`, `number`),
	FOREIGN KEY (`site_id`,`member_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `outbox_by_time` ON `outbox` (`site_id`,`recorded_at`,`member_id`,`number`);--> statement-breakpoint
ALTER TABLE `members` ADD `first_name_folded` text;--> statement-breakpoint
ALTER TABLE `members` ADD `last_name_folded` text;--> statement-breakpoint
ALTER TABLE `members` ADD `outbox_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `answers_by_time` ON `answers` (`site_id`,`recorded_at`,`key`);