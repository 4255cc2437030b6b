export * from './contracts.js';
export * from './execute-families.js';
export * from './families.module.js';
export { families } from './projection.js';
