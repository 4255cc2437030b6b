export * from './api-parts.js';
export * from './api.module.js';
export { firstSteps } from './home-page.js';
