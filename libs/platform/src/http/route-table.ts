import type { RouteOptions } from 'fastify';

/** The methods each address takes: an address that exists answers 405 with `Allow`, not 404. */
export class RouteTable {
  readonly #routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** A catch-all says nothing about which addresses exist. */
  add(route: Pick<RouteOptions, 'method' | 'url'>): void {
    if (/^\/?\*$/.test(route.url)) return;
    const methods = [route.method].flat().map((method) => method.toUpperCase());
    this.#routes.push({ pattern: patternOf(route.url), methods });
  }

  methodsFor(path: string): readonly string[] {
    const methods = this.#routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((segment) => {
      if (segment.startsWith(':')) return '[^/]+';
      return segment.split('*').map(escaped).join('.*');
    })
    .join('/');
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
