export * from './postgres/index.js';
export * from './system/index.js';
