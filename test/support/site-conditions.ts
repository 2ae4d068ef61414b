// Whether a statement carries its site: PostgreSQL itself says how it would read and write each table of it.
import type { Client } from 'pg';

type Plan = Readonly<Record<string, unknown>> & { readonly Plans?: readonly Plan[] };

/** How a table is read: under which name, and on what conditions. Or a row that is written: what its first column is given. */
export type Access = { readonly table: string; readonly name: string; readonly conditions: string };

const textOf = (plan: Plan, ...names: readonly string[]): string => names.flatMap((name) => plan[name] ?? []).join(' and ');

function accesses(plan: Plan): readonly Access[] {
  const below = (plan.Plans ?? []).flatMap(accesses);
  const table = textOf(plan, 'Relation Name');
  if (!table) return below;
  const name = textOf(plan, 'Alias');
  if (plan['Node Type'] !== 'ModifyTable')
    return [{ table, name, conditions: textOf(plan, 'Index Cond', 'Recheck Cond', 'Filter') }, ...below];
  if (plan['Operation'] !== 'Insert') return below;
  const [source] = plan.Plans ?? [];
  const [first] = (source?.['Output'] ?? []) as readonly string[]; // EXPLAIN lists the columns as they are written.
  return [{ table, name, conditions: `${name}.site_id = ${first}` }, ...below];
}

/** All tables that a statement reads or inserts into, each as often as it names it. */
export async function accessesOf(client: Client, sql: string): Promise<readonly Access[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(`explain (generic_plan, verbose, format json) ${sql}`);
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: plan }) => accesses(plan)));
}

/** The parameter that an access is bound to the site by; null when it is bound by none. */
export function siteParameter({ name, conditions }: Access): number | null {
  const found = new RegExp(`(?<![\\w.])"?${name}"?\\.site_id = \\(?\\$(\\d+)`).exec(conditions);
  return found ? Number(found[1]) : null;
}
