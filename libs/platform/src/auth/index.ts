export * from './authenticator.js';
export * from './principal.js';
