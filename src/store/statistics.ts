// Tells SQLite's planner what the tables will hold: sites with many rows, keys with few.
import type Database from 'better-sqlite3';

/**
 * Without statistics SQLite takes a site for ten rows, so that it reads all of them by the primary key where another index
 * finds the one that is asked for. Fixed figures keep the plans the same at every size: a million rows a site, 20 a key, 1 where unique.
 */
export function teachPlanner(connection: Database.Database): void {
  // This makes the table of statistics and reads nothing of ours.
  connection.exec('analyze sqlite_master');
  connection.exec(`begin immediate;
delete from sqlite_stat1;
insert into sqlite_stat1 (tbl, idx, stat)
select t.name, i.name, '1000000' || (
  select group_concat(case
    when k.seqno = 0 then ' 1000000'
    when i."unique" and k.seqno = (select max(seqno) from pragma_index_info(i.name)) then ' 1'
    else ' 20' end, '')
  from pragma_index_info(i.name) k)
from sqlite_master t join pragma_index_list(t.name) i
where t.type = 'table' and t.name not like 'sqlite@_%' escape '@' and t.name not like '@_@_drizzle%' escape '@';
commit;`);
}
