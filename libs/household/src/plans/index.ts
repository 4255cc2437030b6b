export * from './contracts.js';
export * from './execute-plans.js';
export * from './plans.module.js';
export { plans } from './projection.js';
