export { categories } from './projection.js';
export * from './queries.js';
