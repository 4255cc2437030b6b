export * from './activity.module.js';
export * from './contracts.js';
export * from './execute-activity.js';
export { activity } from './projection.js';
