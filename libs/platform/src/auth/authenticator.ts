import { createRequire } from 'node:module';
import type { DevAuthenticator, DevAuthOptions } from './dev-tokens.js';
import { createOidcAuthenticator, type OidcAuthenticator, type OidcOptions } from './oidc.js';

export type AuthOptions =
  | { readonly mode: 'dev'; readonly dev: DevAuthOptions }
  | { readonly mode: 'oidc'; readonly oidc: OidcOptions };

export type Authentication =
  | { readonly mode: 'dev'; readonly authenticator: DevAuthenticator }
  | { readonly mode: 'oidc'; readonly authenticator: OidcAuthenticator };

/** One authenticator, by mode. The module that makes dev tokens is not even loaded in any other mode. */
export async function createAuthenticator(options: AuthOptions): Promise<Authentication> {
  switch (options.mode) {
    case 'dev':
      return { mode: 'dev', authenticator: await devTokens().createDevAuthenticator(options.dev) };
    case 'oidc':
      return { mode: 'oidc', authenticator: createOidcAuthenticator(options.oidc) };
    default:
      options satisfies never;
      throw new Error('unknown AUTH_MODE');
  }
}

function devTokens(): typeof import('./dev-tokens.js') {
  return createRequire(__filename)('./dev-tokens.js') as typeof import('./dev-tokens.js');
}
