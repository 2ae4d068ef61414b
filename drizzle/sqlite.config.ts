// Tells drizzle-kit where the tables of SQLite and their migrations are.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/store/tables.ts', './src/store/points-tables.ts', './src/store/work-tables.ts'],
  out: './drizzle/sqlite',
});
