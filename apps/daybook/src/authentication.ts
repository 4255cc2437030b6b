import path from 'node:path';
import type { Clock, Log, Random, Timers } from '@daybook/kernel';
import { createAuthenticator, httpGetter, type Authentication, type Config, type Vault } from '@daybook/platform';

const DEV_KEY_FILE = 'dev-token.key';

interface AuthenticationPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly log: Log;
}

export function openAuthentication(
  config: Config,
  dataDirectory: string,
  vault: Vault,
  ports: AuthenticationPorts,
): Promise<Authentication> {
  const { auth } = config;
  if (auth.mode === 'dev') {
    const keyFile = path.join(dataDirectory, DEV_KEY_FILE);
    const { host } = config.http;
    return createAuthenticator({ mode: 'dev', dev: { keyFile, host, isProduction: config.isProduction, ...ports } });
  }
  return createAuthenticator({
    mode: 'oidc',
    oidc: {
      settings: auth,
      deriveUserId: (issuer, subject) => vault.keyedHash('user id', JSON.stringify([issuer, subject])),
      httpGet: httpGetter(ports.timers),
      clock: ports.clock,
      log: ports.log,
    },
  });
}
