import { DaybookError } from '@daybook/kernel';
import { hostName, isLoopbackHost } from '../system/loopback.js';

/**
 * A server on loopback answers to loopback names only. A web page elsewhere can point its own name at 127.0.0.1 (DNS
 * rebinding) and would then be of the same origin as this server; its requests still carry its own name in `Host`.
 * `publicUrl` is the one other name: that of a reverse proxy in front, as configured.
 */
export function assertServedHost(host: string | undefined, publicUrl: () => string): void {
  const name = host === undefined ? undefined : hostName(host);
  if (host !== undefined && isLoopbackHost(host)) return;
  if (name !== undefined && name === hostName(new URL(publicUrl()).host)) return;
  throw new DaybookError('MISDIRECTED_REQUEST', 'This server answers to localhost and to the host of PUBLIC_URL only.');
}
