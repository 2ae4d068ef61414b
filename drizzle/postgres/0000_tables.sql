CREATE TABLE "answers" (
	"site_id" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"content" text collate "C" NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"points_awarded" bigint NOT NULL,
	"points_removed" bigint NOT NULL,
	"adjustment_id" text collate "C",
	"recorded_at" bigint NOT NULL,
	CONSTRAINT "answers_site_id_key_pk" PRIMARY KEY("site_id","key")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"site_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"holder" text collate "C" NOT NULL,
	"fence" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "leases_site_id_name_pk" PRIMARY KEY("site_id","name")
);
--> statement-breakpoint
CREATE TABLE "line_items" (
	"site_id" text collate "C" NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"position" bigint NOT NULL,
	"product_id" text collate "C" NOT NULL,
	"line_key" text collate "C",
	"quantity" bigint NOT NULL,
	"shipped" bigint NOT NULL,
	"cancelled" bigint NOT NULL,
	"returned" bigint NOT NULL,
	"unit_price_minor" bigint NOT NULL,
	"discount_minor" bigint NOT NULL,
	"discount_share_minor" bigint NOT NULL,
	"category_id" text collate "C",
	"category_name" text collate "C",
	"name" text collate "C",
	"description" text collate "C",
	"url" text collate "C",
	"image_url" text collate "C",
	"coupon" text collate "C",
	"auto_delivery" boolean NOT NULL,
	"estimated_ship_date" bigint,
	"first_shipped_at" bigint,
	"last_shipped_at" bigint,
	"accepted_at" bigint DEFAULT 0 NOT NULL,
	"matured" bigint DEFAULT 0 NOT NULL,
	"waiting" text collate "C" DEFAULT '[]' NOT NULL,
	"points_awarded" bigint NOT NULL,
	"points_removed" bigint NOT NULL,
	"rule" text collate "C" NOT NULL,
	"order_date" bigint NOT NULL,
	CONSTRAINT "line_items_site_id_order_id_position_pk" PRIMARY KEY("site_id","order_id","position"),
	CONSTRAINT "line_items_quantities" CHECK (quantity >= 1 and cancelled >= 0 and shipped >= 0 and shipped + cancelled <= quantity and returned >= 0 and returned <= shipped),
	CONSTRAINT "line_items_money" CHECK (unit_price_minor >= 0 and discount_minor >= 0 and discount_share_minor >= 0)
);
--> statement-breakpoint
CREATE TABLE "member_links" (
	"site_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"primary_id" text collate "C" NOT NULL,
	"secondary_id" text collate "C" NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	CONSTRAINT "member_links_site_id_id_pk" PRIMARY KEY("site_id","id"),
	CONSTRAINT "member_links_distinct" CHECK (primary_id <> secondary_id)
);
--> statement-breakpoint
CREATE TABLE "member_spend_days" (
	"site_id" text collate "C" NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"day" bigint NOT NULL,
	"spend_minor" bigint NOT NULL,
	CONSTRAINT "member_spend_days_site_id_member_id_day_pk" PRIMARY KEY("site_id","member_id","day")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"site_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"email" text collate "C",
	"email_folded" text collate "C",
	"first_name" text collate "C",
	"last_name" text collate "C",
	"first_name_folded" text collate "C",
	"last_name_folded" text collate "C",
	"status" text collate "C" NOT NULL,
	"opted_in" boolean NOT NULL,
	"available" bigint NOT NULL,
	"held" bigint NOT NULL,
	"used" bigint NOT NULL,
	"expired" bigint NOT NULL,
	"lifetime" bigint NOT NULL,
	"debt" bigint NOT NULL,
	"total_spend_minor" bigint NOT NULL,
	"entry_count" bigint NOT NULL,
	"due_at" bigint,
	"outbox_count" bigint DEFAULT 0 NOT NULL,
	"revision" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "members_site_id_id_pk" PRIMARY KEY("site_id","id"),
	CONSTRAINT "members_balances" CHECK (available >= 0 and held >= 0 and used >= 0 and expired >= 0 and lifetime >= 0 and debt >= 0),
	CONSTRAINT "members_debt" CHECK (available = 0 or debt = 0),
	CONSTRAINT "members_spend" CHECK (total_spend_minor >= 0)
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"site_id" text collate "C" NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"type" text collate "C" NOT NULL,
	"actor" text collate "C" NOT NULL,
	"reason" text collate "C",
	"occurred_at" bigint NOT NULL,
	"recorded_at" bigint NOT NULL,
	"lines" text collate "C" NOT NULL,
	CONSTRAINT "order_events_site_id_order_id_sequence_pk" PRIMARY KEY("site_id","order_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "order_releases" (
	"site_id" text collate "C" NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"due_at" bigint NOT NULL,
	"order_id" text collate "C" NOT NULL,
	CONSTRAINT "order_releases_site_id_member_id_due_at_order_id_pk" PRIMARY KEY("site_id","member_id","due_at","order_id")
);
--> statement-breakpoint
CREATE TABLE "order_spend" (
	"site_id" text collate "C" NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"order_date" bigint NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"spend_minor" bigint NOT NULL,
	CONSTRAINT "order_spend_site_id_member_id_order_date_order_id_pk" PRIMARY KEY("site_id","member_id","order_date","order_id")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"site_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"credited_to_id" text collate "C" NOT NULL,
	"primary_id" text collate "C",
	"order_date" bigint NOT NULL,
	"created_shipped" boolean NOT NULL,
	"program_version" bigint NOT NULL,
	"maximum_points" bigint,
	"adjustment_ratio" text collate "C" NOT NULL,
	"adjustment_rounding" text collate "C" NOT NULL,
	"total_minor" bigint NOT NULL,
	"discount_minor" bigint NOT NULL,
	"coupons" text collate "C" NOT NULL,
	"store_id" text collate "C",
	"source" text collate "C",
	"attributes" text collate "C",
	"adjustment_minor" bigint NOT NULL,
	"adjustment_points" bigint NOT NULL,
	"adjusted_points" bigint NOT NULL,
	"points_awarded" bigint NOT NULL,
	"points_removed" bigint NOT NULL,
	"held_points" bigint NOT NULL,
	"release_at" bigint,
	"redeemed_points" bigint DEFAULT 0 NOT NULL,
	"redeemed_returned" bigint DEFAULT 0 NOT NULL,
	"created_lines" bigint DEFAULT 0 NOT NULL,
	"retained_points" bigint NOT NULL,
	"current_total_minor" bigint NOT NULL,
	"spend_minor" bigint NOT NULL,
	"workflow" bigint NOT NULL,
	"version" bigint NOT NULL,
	"event_count" bigint NOT NULL,
	"line_count" bigint NOT NULL,
	"content" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "orders_site_id_id_pk" PRIMARY KEY("site_id","id"),
	CONSTRAINT "orders_points" CHECK (points_awarded + adjusted_points - points_removed = retained_points and retained_points >= 0),
	CONSTRAINT "orders_money" CHECK (spend_minor >= 0 and current_total_minor >= 0 and discount_minor >= 0)
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"site_id" text collate "C" NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"number" bigint NOT NULL,
	"type" text collate "C" NOT NULL,
	"order_id" text collate "C",
	"event_sequence" bigint,
	"first_entry" bigint,
	"last_entry" bigint,
	"recorded_at" bigint NOT NULL,
	CONSTRAINT "outbox_site_id_member_id_number_pk" PRIMARY KEY("site_id","member_id","number")
);
--> statement-breakpoint
CREATE TABLE "points_entries" (
	"site_id" text collate "C" NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"order_id" text collate "C",
	"position" bigint,
	"event_sequence" bigint,
	"adjustment_id" text collate "C",
	"type" text collate "C" NOT NULL,
	"points" bigint NOT NULL,
	"available" bigint NOT NULL,
	"held" bigint NOT NULL,
	"debt" bigint NOT NULL,
	"uncollected" bigint NOT NULL,
	"available_after" bigint NOT NULL,
	"held_after" bigint NOT NULL,
	"debt_after" bigint NOT NULL,
	"actor" text collate "C" NOT NULL,
	"reason" text collate "C",
	"expires_at" bigint,
	"occurred_at" bigint NOT NULL,
	"recorded_at" bigint NOT NULL,
	CONSTRAINT "points_entries_site_id_member_id_sequence_pk" PRIMARY KEY("site_id","member_id","sequence"),
	CONSTRAINT "points_entries_after" CHECK (available_after >= 0 and held_after >= 0 and debt_after >= 0)
);
--> statement-breakpoint
CREATE TABLE "points_lots" (
	"site_id" text collate "C" NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"points" bigint NOT NULL,
	"remaining" bigint NOT NULL,
	"expired" bigint NOT NULL,
	"available_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "points_lots_site_id_member_id_sequence_pk" PRIMARY KEY("site_id","member_id","sequence"),
	CONSTRAINT "points_lots_parts" CHECK (points > 0 and remaining >= 0 and expired >= 0 and remaining + expired <= points)
);
--> statement-breakpoint
CREATE TABLE "programs" (
	"site_id" text collate "C" NOT NULL,
	"version" bigint NOT NULL,
	"effective_from" bigint NOT NULL,
	"file" text collate "C" NOT NULL,
	"actor" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "programs_site_id_version_pk" PRIMARY KEY("site_id","version")
);
--> statement-breakpoint
CREATE TABLE "redemption_parts" (
	"site_id" text collate "C" NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"lot_sequence" bigint NOT NULL,
	"points" bigint NOT NULL,
	"returned" bigint NOT NULL,
	CONSTRAINT "redemption_parts_site_id_order_id_sequence_pk" PRIMARY KEY("site_id","order_id","sequence"),
	CONSTRAINT "redemption_parts_returned" CHECK (points > 0 and returned >= 0 and returned <= points)
);
--> statement-breakpoint
CREATE TABLE "sandbox_clocks" (
	"site_id" text collate "C" NOT NULL,
	"ahead_ms" bigint NOT NULL,
	CONSTRAINT "sandbox_clocks_site_id_pk" PRIMARY KEY("site_id"),
	CONSTRAINT "sandbox_clocks_ahead" CHECK (ahead_ms >= 0)
);
--> statement-breakpoint
CREATE TABLE "spend_adjustments" (
	"site_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"event_sequence" bigint NOT NULL,
	"type" text collate "C" NOT NULL,
	"amount_minor" bigint NOT NULL,
	"reason" text collate "C" NOT NULL,
	"adjusted_by" text collate "C" NOT NULL,
	"points" bigint NOT NULL,
	"tier_before" text collate "C",
	"tier_after" text collate "C",
	"created_at" bigint NOT NULL,
	CONSTRAINT "spend_adjustments_site_id_id_pk" PRIMARY KEY("site_id","id"),
	CONSTRAINT "spend_adjustments_amount" CHECK (amount_minor > 0)
);
--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "line_items" ADD CONSTRAINT "line_items_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_links" ADD CONSTRAINT "member_links_site_id_primary_id_members_site_id_id_fk" FOREIGN KEY ("site_id","primary_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_links" ADD CONSTRAINT "member_links_site_id_secondary_id_members_site_id_id_fk" FOREIGN KEY ("site_id","secondary_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_spend_days" ADD CONSTRAINT "member_spend_days_site_id_member_id_members_site_id_id_fk" FOREIGN KEY ("site_id","member_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_releases" ADD CONSTRAINT "order_releases_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_spend" ADD CONSTRAINT "order_spend_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_site_id_member_id_members_site_id_id_fk" FOREIGN KEY ("site_id","member_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_site_id_credited_to_id_members_site_id_id_fk" FOREIGN KEY ("site_id","credited_to_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_site_id_program_version_programs_site_id_version_fk" FOREIGN KEY ("site_id","program_version") REFERENCES "programs"("site_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_site_id_member_id_members_site_id_id_fk" FOREIGN KEY ("site_id","member_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "points_entries" ADD CONSTRAINT "points_entries_site_id_member_id_members_site_id_id_fk" FOREIGN KEY ("site_id","member_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "points_entries" ADD CONSTRAINT "points_entries_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "points_lots" ADD CONSTRAINT "points_lots_site_id_member_id_members_site_id_id_fk" FOREIGN KEY ("site_id","member_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "points_lots" ADD CONSTRAINT "points_lots_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "redemption_parts" ADD CONSTRAINT "redemption_parts_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "redemption_parts" ADD CONSTRAINT "redemption_parts_site_id_member_id_lot_sequence_points_lots_site_id_member_id_sequence_fk" FOREIGN KEY ("site_id","member_id","lot_sequence") REFERENCES "points_lots"("site_id","member_id","sequence") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spend_adjustments" ADD CONSTRAINT "spend_adjustments_site_id_order_id_orders_site_id_id_fk" FOREIGN KEY ("site_id","order_id") REFERENCES "orders"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spend_adjustments" ADD CONSTRAINT "spend_adjustments_site_id_member_id_members_site_id_id_fk" FOREIGN KEY ("site_id","member_id") REFERENCES "members"("site_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "answers_by_time" ON "answers" USING btree ("site_id","recorded_at","key");--> statement-breakpoint
CREATE UNIQUE INDEX "line_items_by_key" ON "line_items" USING btree ("site_id","order_id","line_key") WHERE line_key is not null;--> statement-breakpoint
CREATE INDEX "line_items_by_product" ON "line_items" USING btree ("site_id","product_id","order_date","order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "member_links_current" ON "member_links" USING btree ("site_id","secondary_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "member_links_by_primary" ON "member_links" USING btree ("site_id","primary_id","secondary_id");--> statement-breakpoint
CREATE UNIQUE INDEX "members_by_user" ON "members" USING btree ("site_id","user_id");--> statement-breakpoint
CREATE INDEX "members_by_due" ON "members" USING btree ("site_id","due_at","id") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "members_by_email" ON "members" USING btree ("site_id","email_folded","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_by_order_id" ON "orders" USING btree ("site_id","order_id");--> statement-breakpoint
CREATE INDEX "orders_by_date" ON "orders" USING btree ("site_id","order_date","id");--> statement-breakpoint
CREATE INDEX "orders_by_update" ON "orders" USING btree ("site_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "orders_by_total" ON "orders" USING btree ("site_id","total_minor","id");--> statement-breakpoint
CREATE INDEX "orders_by_member" ON "orders" USING btree ("site_id","member_id","order_date","id");--> statement-breakpoint
CREATE INDEX "orders_by_workflow" ON "orders" USING btree ("site_id","workflow","order_date","id");--> statement-breakpoint
CREATE INDEX "orders_by_store" ON "orders" USING btree ("site_id","store_id","order_date","id");--> statement-breakpoint
CREATE INDEX "orders_by_source" ON "orders" USING btree ("site_id","source","order_date","id");--> statement-breakpoint
CREATE INDEX "outbox_by_time" ON "outbox" USING btree ("site_id","recorded_at","member_id","number");--> statement-breakpoint
CREATE INDEX "points_entries_by_order" ON "points_entries" USING btree ("site_id","order_id","sequence");--> statement-breakpoint
CREATE INDEX "points_lots_by_expiry" ON "points_lots" USING btree ("site_id","member_id","expires_at","sequence") WHERE remaining > 0;--> statement-breakpoint
CREATE INDEX "points_lots_by_order" ON "points_lots" USING btree ("site_id","order_id","sequence");--> statement-breakpoint
CREATE INDEX "spend_adjustments_by_order" ON "spend_adjustments" USING btree ("site_id","order_id","event_sequence");--> statement-breakpoint
CREATE INDEX "spend_adjustments_by_member" ON "spend_adjustments" USING btree ("site_id","member_id","created_at","id");