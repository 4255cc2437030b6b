export * from './contracts.js';
export * from './execute-transactions.js';
export { transactions } from './projection.js';
export { TransactionsQueries } from './queries.js';
export * from './transactions.module.js';
