CREATE TABLE `answers` (
	`site_id` text NOT NULL,
	`key` text NOT NULL,
	`content` text NOT NULL,
	`order_id` text NOT NULL,
	`points_awarded` integer NOT NULL,
	`points_removed` integer NOT NULL,
	`adjustment_id` text,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `key`),
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `line_items` (
	`site_id` text NOT NULL,
	`order_id` text NOT NULL,
	`position` integer NOT NULL,
	`product_id` text NOT NULL,
	`line_key` text,
	`quantity` integer NOT NULL,
	`shipped` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`returned` integer NOT NULL,
	`unit_price_minor` integer NOT NULL,
	`discount_minor` integer NOT NULL,
	`discount_share_minor` integer NOT NULL,
	`category_id` text,
	`category_name` text,
	`name` text,
	`description` text,
	`url` text,
	`image_url` text,
	`coupon` text,
	`auto_delivery` integer NOT NULL,
	`estimated_ship_date` integer,
	`first_shipped_at` integer,
	`last_shipped_at` integer,
	`points_awarded` integer NOT NULL,
	`points_removed` integer NOT NULL,
	`rule` text NOT NULL,
	`order_date` integer NOT NULL,
	PRIMARY KEY(`site_id`, `order_id`, `position`),
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "line_items_quantities" CHECK(quantity >= 1 and cancelled >= 0 and shipped >= 0 and shipped + cancelled <= quantity and returned >= 0 and returned <= shipped),
	CONSTRAINT "line_items_money" CHECK(unit_price_minor >= 0 and discount_minor >= 0 and discount_share_minor >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `line_items_by_key` ON `line_items` (`site_id`,`order_id`,`line_key`) WHERE line_key is not null;--> statement-breakpoint
CREATE INDEX `line_items_by_product` ON `line_items` (`site_id`,`product_id`,`order_date`,`order_id`);--> statement-breakpoint
CREATE TABLE `member_links` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`primary_id` text NOT NULL,
	`secondary_id` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`site_id`, `id`),
	FOREIGN KEY (`site_id`,`primary_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`site_id`,`secondary_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "member_links_distinct" CHECK(primary_id <> secondary_id)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `member_links_current` ON `member_links` (`site_id`,`secondary_id`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `member_links_by_primary` ON `member_links` (`site_id`,`primary_id`,`secondary_id`);--> statement-breakpoint
CREATE TABLE `member_spend_days` (
	`site_id` text NOT NULL,
	`member_id` text NOT NULL,
	`day` integer NOT NULL,
	`spend_minor` integer NOT NULL,
	PRIMARY KEY(`site_id`, `member_id`, `day`),
	FOREIGN KEY (`site_id`,`member_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `members` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`email` text,
	`email_folded` text,
	`first_name` text,
	`last_name` text,
	`status` text NOT NULL,
	`opted_in` integer NOT NULL,
	`available` integer NOT NULL,
	`held` integer NOT NULL,
	`used` integer NOT NULL,
	`expired` integer NOT NULL,
	`lifetime` integer NOT NULL,
	`debt` integer NOT NULL,
	`total_spend_minor` integer NOT NULL,
	`entry_count` integer NOT NULL,
	`revision` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `id`),
	CONSTRAINT "members_balances" CHECK(available >= 0 and held >= 0 and used >= 0 and expired >= 0 and lifetime >= 0 and debt >= 0),
	CONSTRAINT "members_debt" CHECK(available = 0 or debt = 0),
	CONSTRAINT "members_spend" CHECK(total_spend_minor >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `members_by_user` ON `members` (`site_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `members_by_email` ON `members` (`site_id`,`email_folded`,`user_id`);--> statement-breakpoint
CREATE TABLE `order_events` (
	`site_id` text NOT NULL,
	`order_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`type` text NOT NULL,
	`actor` text NOT NULL,
	`reason` text,
	`occurred_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`lines` text NOT NULL,
	PRIMARY KEY(`site_id`, `order_id`, `sequence`),
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `order_spend` (
	`site_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_date` integer NOT NULL,
	`order_id` text NOT NULL,
	`spend_minor` integer NOT NULL,
	PRIMARY KEY(`site_id`, `member_id`, `order_date`, `order_id`),
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `orders` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`order_id` text NOT NULL,
	`member_id` text NOT NULL,
	`credited_to_id` text NOT NULL,
	`primary_id` text,
	`order_date` integer NOT NULL,
	`created_shipped` integer NOT NULL,
	`program_version` integer NOT NULL,
	`maximum_points` integer,
	`adjustment_ratio` text NOT NULL,
	`adjustment_rounding` text NOT NULL,
	`total_minor` integer NOT NULL,
	`discount_minor` integer NOT NULL,
	`coupons` text NOT NULL,
	`store_id` text,
	`source` text,
	`attributes` text,
	`adjustment_minor` integer NOT NULL,
	`adjustment_points` integer NOT NULL,
	`adjusted_points` integer NOT NULL,
	`points_awarded` integer NOT NULL,
	`points_removed` integer NOT NULL,
	`held_points` integer NOT NULL,
	`retained_points` integer NOT NULL,
	`current_total_minor` integer NOT NULL,
	`spend_minor` integer NOT NULL,
	`workflow` integer NOT NULL,
	`version` integer NOT NULL,
	`event_count` integer NOT NULL,
	`line_count` integer NOT NULL,
	`content` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `id`),
	FOREIGN KEY (`site_id`,`member_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`site_id`,`credited_to_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`site_id`,`program_version`) REFERENCES `programs`(`site_id`,`version`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "orders_points" CHECK(points_awarded + adjusted_points - points_removed = retained_points and retained_points >= 0),
	CONSTRAINT "orders_money" CHECK(spend_minor >= 0 and current_total_minor >= 0 and discount_minor >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `orders_by_order_id` ON `orders` (`site_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `orders_by_date` ON `orders` (`site_id`,`order_date`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_update` ON `orders` (`site_id`,`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_total` ON `orders` (`site_id`,`total_minor`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_member` ON `orders` (`site_id`,`member_id`,`order_date`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_workflow` ON `orders` (`site_id`,`workflow`,`order_date`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_store` ON `orders` (`site_id`,`store_id`,`order_date`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_source` ON `orders` (`site_id`,`source`,`order_date`,`id`);--> statement-breakpoint
CREATE TABLE `points_entries` (
	`site_id` text NOT NULL,
	`member_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`order_id` text,
	`position` integer,
	`event_sequence` integer,
	`adjustment_id` text,
	`type` text NOT NULL,
	`points` integer NOT NULL,
	`available` integer NOT NULL,
	`held` integer NOT NULL,
	`debt` integer NOT NULL,
	`uncollected` integer NOT NULL,
	`available_after` integer NOT NULL,
	`held_after` integer NOT NULL,
	`debt_after` integer NOT NULL,
	`actor` text NOT NULL,
	`reason` text,
	`expires_at` integer,
	`occurred_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `member_id`, `sequence`),
	FOREIGN KEY (`site_id`,`member_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "points_entries_after" CHECK(available_after >= 0 and held_after >= 0 and debt_after >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `points_entries_by_order` ON `points_entries` (`site_id`,`order_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `programs` (
	`site_id` text NOT NULL,
	`version` integer NOT NULL,
	`effective_from` integer NOT NULL,
	`file` text NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `version`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `spend_adjustments` (
	`site_id` text NOT NULL,
	`id` text NOT NULL,
	`order_id` text NOT NULL,
	`member_id` text NOT NULL,
	`event_sequence` integer NOT NULL,
	`type` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`reason` text NOT NULL,
	`adjusted_by` text NOT NULL,
	`points` integer NOT NULL,
	`tier_before` text,
	`tier_after` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`site_id`, `id`),
	FOREIGN KEY (`site_id`,`order_id`) REFERENCES `orders`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`site_id`,`member_id`) REFERENCES `members`(`site_id`,`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "spend_adjustments_amount" CHECK(amount_minor > 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `spend_adjustments_by_order` ON `spend_adjustments` (`site_id`,`order_id`,`event_sequence`);--> statement-breakpoint
CREATE INDEX `spend_adjustments_by_member` ON `spend_adjustments` (`site_id`,`member_id`,`created_at`,`id`);