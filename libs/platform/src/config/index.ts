export * from './config-error.js';
export * from './configuration-docs.js';
export * from './parse-config.js';
export * from './secret.js';
export type { LogLevel, Role } from './variables.js';
