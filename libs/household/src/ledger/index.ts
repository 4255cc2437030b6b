export * from './commands.js';
export * from './events.js';
export * from './execute-ledger.js';
export * from './ledger.module.js';
