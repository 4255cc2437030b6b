export * from './bulkhead.js';
export * from './circuit-breaker.js';
export * from './deadline.js';
export * from './retry.js';
export * from './retry-budget.js';
export * from './shutdown.js';
