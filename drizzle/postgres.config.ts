// Tells drizzle-kit where the tables of PostgreSQL and their migrations are.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: './src/store/postgres-tables.ts', out: './drizzle/postgres' });
