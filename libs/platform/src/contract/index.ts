export * from './contract.js';
export * from './openapi.js';
export * from './operation.js';
export * from './command-context.js';
export * from './feature.js';
