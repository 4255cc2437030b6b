export * from './embedded-postgres.js';
export * from './ensure-database.js';
export * from './migrate.js';
export * from './open-postgres.js';
export * from './tools-password.js';
export type { Durability } from './postgres-settings.js';
