export * from './sealer.js';
export * from './vault.js';
