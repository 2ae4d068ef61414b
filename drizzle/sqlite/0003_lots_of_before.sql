-- Until now nothing was held, expired, owed or redeemed: all that an order retains is available, in one lot that never expires.
-- Which lines an order was placed with, and when others were added, its events tell.
UPDATE `line_items` SET `matured` = `quantity` - `cancelled` - `returned`,
  `accepted_at` = coalesce((
    SELECT e.`occurred_at` FROM `order_events` e, json_each(e.`lines`) l
    WHERE e.`site_id` = `line_items`.`site_id` AND e.`order_id` = `line_items`.`order_id`
      AND e.`type` IN ('CREATED', 'LINES_ADDED') AND l.`value` ->> '$.position' = `line_items`.`position`
    ORDER BY e.`sequence` LIMIT 1), `order_date`);
--> statement-breakpoint
UPDATE `orders` SET `created_lines` = coalesce((
  SELECT json_array_length(e.`lines`) FROM `order_events` e
  WHERE e.`site_id` = `orders`.`site_id` AND e.`order_id` = `orders`.`id` AND e.`type` = 'CREATED'), `line_count`);
--> statement-breakpoint
INSERT INTO `points_lots` (`site_id`, `member_id`, `sequence`, `order_id`, `points`, `remaining`, `expired`, `available_at`, `expires_at`)
SELECT o.`site_id`, o.`credited_to_id`,
  (SELECT max(e.`sequence`) FROM `points_entries` e WHERE e.`site_id` = o.`site_id` AND e.`order_id` = o.`id`),
  o.`id`, o.`retained_points`, o.`retained_points`, 0, o.`order_date`, 9007199254740991
FROM `orders` o WHERE o.`retained_points` > 0;
