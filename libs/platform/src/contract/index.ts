export * from './contract.js';
export * from './openapi.js';
export * from './command-context.js';
export * from './feature.js';
