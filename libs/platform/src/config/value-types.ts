import { isIP } from 'node:net';
import { z } from 'zod';
import { Secret } from './secret.js';

/** What values of the environment may look like. All start as text; each says no by refusing, never by guessing. */

const PORT_MAX = 65_535;
const UNIT_MILLISECONDS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MASTER_KEY_BYTES = 32;

export const text = z.string();

export const secretText = text.transform((value) => new Secret(value));

/** A whole number without sign, spaces or exponent. */
export const port = text.regex(/^\d{1,5}$/).transform(Number).refine((value) => value <= PORT_MAX);

export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** `90s`, `15m`, `24h`, `7d`, in milliseconds. */
export const duration = text.regex(/^[1-9]\d{0,5}[smhd]$/).transform((value) => {
  const unit = value.at(-1) as keyof typeof UNIT_MILLISECONDS;
  return Number(value.slice(0, -1)) * UNIT_MILLISECONDS[unit];
});

export const host = text.refine((value) => isIP(value) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,252})$/i.test(value));

export const hostAndPort = text.transform((value, context) => {
  const match = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+):(?<number>\d{1,5})$/i.exec(value);
  const name = match?.groups?.name?.replace(/^\[|\]$/g, '');
  const number = Number(match?.groups?.number);
  if (name !== undefined && host.safeParse(name).success && number <= PORT_MAX) return { host: name, port: number };
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

/** A list without empty members and without repeats. */
export function listOf<Item extends z.ZodType<unknown, string>>(item: Item) {
  return text
    .transform((value) => value.split(',').map((member) => member.trim()))
    .pipe(z.array(item))
    .transform((members) => [...new Set(members)]);
}

/** Scheme, host and port, and nothing after them. */
export const httpOrigin = text.transform((value, context) => {
  // A URL parser takes a star for a letter; here it would look like a pattern that matches nothing.
  const url = value.includes('*') ? undefined : parseUrl(value);
  if (url && ['http:', 'https:'].includes(url.protocol) && [url.origin, `${url.origin}/`].includes(value)) return url.origin;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

export const httpsUrl = text.refine((value) => {
  const url = parseUrl(value);
  return url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname)));
});

/** Kept secret as a whole, because a password may stand in it. */
export function secretUrl(schemes: readonly string[], isComplete: (url: URL) => boolean = () => true) {
  return text
    .refine((value) => {
      const url = parseUrl(value);
      return url !== undefined && schemes.includes(url.protocol.slice(0, -1)) && isComplete(url);
    })
    .transform((value) => new Secret(value));
}

export const databaseUrl = secretUrl(['postgres', 'postgresql'], (url) => url.pathname.length > 1);

/** May name several hosts, separated by commas, which no URL parser takes. */
export const clusterUrl = text.regex(/^(esdb|kurrentdb)(\+discover)?:\/\/[^\s/]\S*$/).transform((value) => new Secret(value));

/** 32 bytes, written as 64 hex digits or as base64. */
export const masterKey = text
  .refine((value) => decodeKey(value).length === MASTER_KEY_BYTES)
  .transform((value) => new Secret(decodeKey(value).toString('hex')));

/** How far X-Forwarded-For is believed: a number of proxies, or the proxies' own addresses. */
export const trustedProxies = text.transform((value, context) => {
  if (/^[1-9]\d?$/.test(value)) return Number(value);
  const addresses = value.split(',').map((member) => member.trim());
  if (addresses.every(isAddressOrRange)) return addresses;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

function isAddressOrRange(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function decodeKey(value: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(value)) return Buffer.from(value, 'hex');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(value) ? Buffer.from(value, 'base64') : Buffer.alloc(0);
}

function isLocal(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}
