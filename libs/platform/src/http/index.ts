export * from './edge.js';
export * from './error-reference.js';
export * from './framework-errors.js';
export * from './in-flight.js';
export * from './json-body.js';
export * from './origin-policy.js';
export * from './problem.js';
export * from './validation.js';
