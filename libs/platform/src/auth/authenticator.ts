import { createRequire } from 'node:module';
import type { DevAuthenticator, DevAuthOptions } from './dev-tokens.js';
import type { Authenticator } from './principal.js';

export type AuthOptions = { readonly mode: 'dev'; readonly dev: DevAuthOptions };

export type Authentication =
  | { readonly mode: 'dev'; readonly authenticator: DevAuthenticator }
  | { readonly mode: 'oidc'; readonly authenticator: Authenticator };

/** One authenticator, by mode. The module that makes dev tokens is not even loaded in any other mode. */
export async function createAuthenticator(options: AuthOptions): Promise<Authentication> {
  return { mode: 'dev', authenticator: await devTokens().createDevAuthenticator(options.dev) };
}

function devTokens(): typeof import('./dev-tokens.js') {
  return createRequire(__filename)('./dev-tokens.js') as typeof import('./dev-tokens.js');
}
