export * from './budget-answers.module.js';
export * from './contracts.js';
export * from './execute-budget-answers.js';
export { figuresAtClose } from './figures-at-close.js';
