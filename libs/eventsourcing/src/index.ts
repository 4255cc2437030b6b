export * from './append-rules.js';
export * from './decider.js';
export * from './envelope.js';
export * from './golden-events.js';
export * from './log-identity.js';
export * from './memory-store.js';
export * from './store.js';
export * from './upcast.js';
