export * from './canonical-json.js';
export * from './contract.js';
export * from './openapi.js';
export * from './operation.js';
export * from './paging.js';
export * from './command-context.js';
export * from './feature.js';
