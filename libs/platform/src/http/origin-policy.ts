import { isLoopbackHost } from '../system/loopback.js';

export interface OriginPolicyOptions {
  readonly publicUrl: () => string;
  /** Exact origins, `https://app.example`; never a pattern. */
  readonly corsOrigins: readonly string[];
  /** Dev mode: pages served by other programs on this machine. */
  readonly allowLoopbackOrigins: boolean;
}

/** Which pages may speak to this server; the same list for HTTP and for the WebSocket upgrade. */
export interface OriginPolicy {
  /** `host` is the request's `Host`: a page that this server served itself is always its own. */
  allows(origin: string, host: string | undefined): boolean;
}

export function originPolicy(options: OriginPolicyOptions): OriginPolicy {
  const listed = new Set(options.corsOrigins.map(normalised));
  return {
    allows(origin, host) {
      const asked = normalised(origin);
      if (asked === undefined) return false;
      if (listed.has(asked) || asked === normalised(options.publicUrl())) return true;
      const askedHost = new URL(asked).host;
      if (askedHost === host?.toLowerCase()) return true;
      return options.allowLoopbackOrigins && isLoopbackHost(askedHost);
    },
  };
}

/** `undefined` for `null` (sandboxed pages, files) and everything that is not an http origin. */
function normalised(origin: string): string | undefined {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin).origin;
}
