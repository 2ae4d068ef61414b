CREATE TABLE `order_releases` (
	`site_id` text NOT NULL,
	`member_id` text NOT NULL,
	`due_at` integer NOT NULL,
	`order_id` text NOT NULL,
	PRIMARY KEY(`site_id`, `member_id`, `due_at`, `order_id`),
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `points_lots` (
	`site_id` text NOT NULL,
	`member_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`order_id` text NOT NULL,
	`points` integer NOT NULL,
	`remaining` integer NOT NULL,
	`expired` integer NOT NULL,
	`available_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `member_id`, `sequence`),
	FOREIGN KEY (`site_id`,`member_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "points_lots_parts" CHECK(points > 0 and remaining >= 0 and expired >= 0 and remaining + expired <= points)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `points_lots_by_expiry` ON `points_lots` (`site_id`,`member_id`,`expires_at`,`sequence`) WHERE remaining > 0;--> statement-breakpoint
CREATE INDEX `points_lots_by_order` ON `points_lots` (`site_id`,`order_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `redemption_parts` (
	`site_id` text NOT NULL,
	`order_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`member_id` text NOT NULL,
	`lot_sequence` integer NOT NULL,
	`points` integer NOT NULL,
	`returned` integer NOT NULL,
	PRIMARY KEY(`site_id`, `order_id`, `sequence`),
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`site_id`,`member_id`,`lot_sequence`) REFERENCES `points_lots`(`site_id`,`member_id`,`sequence`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "redemption_parts_returned" CHECK(points > 0 and returned >= 0 and returned <= points)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sandbox_clocks` (
	`site_id` text PRIMARY KEY NOT NULL,
	`ahead_ms` integer NOT NULL,
	CONSTRAINT "sandbox_clocks_ahead" CHECK(ahead_ms >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `line_items` ADD `accepted_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `line_items` ADD `matured` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `line_items` ADD `waiting` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `members` ADD `due_at` integer;--> statement-breakpoint
CREATE INDEX `members_by_due` ON `members` (`site_id`,`due_at`,`id`) WHERE due_at is not null;--> statement-breakpoint
ALTER TABLE `orders` ADD `release_at` integer;--> statement-breakpoint
ALTER TABLE `orders` ADD `redeemed_points` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `redeemed_returned` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `created_lines` integer DEFAULT 0 NOT NULL;