// Tells drizzle-kit where the tables and the migrations are.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/store/tables.ts', './src/store/points-tables.ts'],
  out: './drizzle/sqlite',
});
