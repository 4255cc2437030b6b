export * from './authenticator.js';
export type { DevAuthenticator, DevAuthOptions, DevToken, DevTokenRequest } from './dev-tokens.js';
export * from './http-get.js';
export * from './oidc.js';
export * from './principal.js';
