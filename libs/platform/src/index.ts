export * from './contract/index.js';
export * from './postgres/index.js';
export * from './system/index.js';
export * from './auth/index.js';
export * from './http/index.js';
export * from './config/index.js';
export * from './vault/index.js';
export * from './telemetry/index.js';
