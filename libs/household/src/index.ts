export { figuresAtClose } from './budget-answers/index.js';
export * from './household-group.js';
export * from './household-parts.js';
export * from './household.module.js';
export * from './routes.js';
