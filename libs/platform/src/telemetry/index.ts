export * from './context.js';
export * from './health.js';
export * from './log.js';
export * from './loop-lag.js';
export * from './metrics.js';
export * from './probe-routes.js';
