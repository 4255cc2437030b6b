export * from './decider.js';
export * from './envelope.js';
export * from './log-identity.js';
export * from './store.js';
