export * from './commands.js';
export * from './events.js';
export * from './execute-ledger.js';
export * from './ledger.module.js';
export { TRANSACTION_FINDER } from './other-months.js';
