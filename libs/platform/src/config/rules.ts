import { isLoopbackHost } from '../system/loopback.js';
import type { ConfigFault } from './config-error.js';
import { ALL_ROLES, type Environment, type VariableName } from './variables.js';

export const DEFAULT_HOST = '127.0.0.1';

export type AuthMode = 'dev' | 'oidc';

/** A variable whose value was wrong counts as given, so that one mistake is not reported twice. */
export interface Given {
  readonly values: Environment;
  readonly has: (name: VariableName) => boolean;
}

export function authMode({ values }: Given): AuthMode {
  return values.AUTH_MODE ?? (isPrivate(values) ? 'dev' : 'oidc');
}

function isPrivate({ HOST = DEFAULT_HOST, NODE_ENV }: Environment): boolean {
  return isLoopbackHost(HOST) && NODE_ENV !== 'production';
}

/** What must hold between variables. */
export function brokenRules(given: Given): ConfigFault[] {
  return [...authRules(given), ...pairRules(given), ...scaleOutRules(given)];
}

function authRules(given: Given): ConfigFault[] {
  const { values, has } = given;
  const faults: ConfigFault[] = [];
  const refuse = (variable: VariableName, message: string) => faults.push({ variable, message });
  const mode = authMode(given);
  if (values.AUTH_MODE === 'dev' && values.NODE_ENV === 'production') {
    refuse('AUTH_MODE', 'dev is refused with NODE_ENV=production, because it gives a token to whoever asks; use oidc');
  }
  if (values.AUTH_MODE === 'dev' && !isLoopbackHost(values.HOST ?? DEFAULT_HOST)) {
    refuse('AUTH_MODE', `dev is refused on HOST=${values.HOST}, which others can reach; use oidc or a loopback HOST`);
  }
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE', 'AUTH_JWKS_URL'] as const) {
    if (mode === 'dev' && !has('AUTH_MODE') && has(name)) {
      refuse(name, 'has no effect in dev mode, the default on a loopback HOST; set AUTH_MODE=oidc as well, or leave it out');
    }
  }
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
    if (mode === 'oidc' && !has(name)) {
      const why = has('AUTH_MODE') ? 'with AUTH_MODE=oidc' : 'off loopback and in production, where AUTH_MODE is oidc';
      refuse(name, `is needed ${why}`);
    }
  }
  return faults;
}

function pairRules({ has, values }: Given): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const needs = (name: VariableName, other: VariableName) => {
    if (has(name) && !has(other)) faults.push({ variable: other, message: `is needed with ${name}` });
  };
  const excludes = (name: VariableName, other: VariableName) => {
    if (has(name) && has(other)) faults.push({ variable: name, message: `has no effect with ${other}; leave one of them out` });
  };
  needs('TLS_CERT', 'TLS_KEY');
  needs('TLS_KEY', 'TLS_CERT');
  needs('VAULT_DATABASE_URL', 'VAULT_MASTER_KEY');
  excludes('EVENTSTORE_PORT', 'EVENTSTORE_URL');
  excludes('POSTGRES_PORT', 'DATABASE_URL');
  if (values.POSTGRES_PORT === 0) faults.push({ variable: 'POSTGRES_PORT', message: '0 is no port a tool could be told; name one' });
  return faults;
}

/** Who runs only some roles shares the log, the rows and the keys with processes that run the others. */
function scaleOutRules({ values, has }: Given): ConfigFault[] {
  const roles = values.DAYBOOK_ROLES;
  if (!roles || ALL_ROLES.every((role) => roles.includes(role))) return [];
  const shared = ['EVENTSTORE_URL', 'DATABASE_URL', 'VAULT_DATABASE_URL'] as const;
  return shared
    .filter((name) => !has(name))
    .map((variable) => ({ variable, message: `is needed with DAYBOOK_ROLES=${roles.join(',')}: the other roles run elsewhere and share it` }));
}
