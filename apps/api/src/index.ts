export * from './api-parts.js';
export { firstSteps } from './home-page.js';
export * from './main.js';
