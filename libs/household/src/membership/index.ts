export * from './commands.js';
export * from './events.js';
export * from './execute-membership.js';
export * from './membership.module.js';
export * from './roles.js';
