// A decision is made under the write lock: nobody else can write between what it reads and what it writes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';

test('another connection cannot begin to write while a command is decided', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'write-lock-'));
  const file = join(folder, 'orders.db');
  const store = openSqlite({ database: file });
  const other = new Database(file, { timeout: 0 });
  const attempts: unknown[] = [];
  const attempt = (): void => {
    try {
      other.exec('begin immediate');
      other.exec('rollback');
      attempts.push('began');
    } catch (error) {
      attempts.push(error instanceof Error && 'code' in error ? error.code : error);
    }
  };
  await store.commitMember({ siteId: 'demo', userId: 'm-1', primaryUserId: null }, () => {
    attempt();
    return { kind: 'REFUSED', refusal: { kind: 'INPUT', code: 'MEMBER_NOT_FOUND', message: 'No such member.', path: [] } };
  });
  attempt();
  expect(attempts).toEqual(['SQLITE_BUSY', 'began']);
  other.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
