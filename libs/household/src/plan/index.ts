export * from './commands.js';
export * from './events.js';
export * from './execute-plan.js';
export * from './plan.module.js';
