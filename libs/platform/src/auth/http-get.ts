import type { Timers } from '@daybook/kernel';

export interface HttpGetLimits {
  readonly withinMs: number;
  readonly maxBytes: number;
}

/** Fetches a small public document. A port, so that tests decide what the network does. */
export type HttpGet = (url: string, limits: HttpGetLimits) => Promise<string>;

/** No redirects: the address is configured, and what it points to must not be decided by somebody else. */
export function httpGetter(timers: Timers): HttpGet {
  return async (url, { withinMs, maxBytes }) => {
    const controller = new AbortController();
    const cancel = timers.after(withinMs, () => controller.abort(new Error(`no answer within ${withinMs} ms`)));
    try {
      const response = await fetch(url, {
        redirect: 'error',
        signal: controller.signal,
        headers: { accept: 'application/json' },
      });
      if (response.status !== 200) throw new Error(`answered ${response.status}`);
      return await textOf(response, maxBytes);
    } finally {
      cancel();
      controller.abort();
    }
  };
}

async function textOf(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (size > maxBytes) throw new Error(`answered more than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
