import { Option } from 'commander';

const UNREACHABLE = 1;
const DEFAULT_PORT = 3_000;
const ANSWER_WITHIN_MS = 5_000;

export const urlOption = new Option('--url <url>', 'the instance to talk to')
  .env('DAYBOOK_URL')
  .default(`http://127.0.0.1:${process.env['PORT'] ?? DEFAULT_PORT}`);

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One request to a running instance; ends the program with one sentence when nobody answers. */
export async function ask(url: string, path: string, init: RequestInit = {}): Promise<HttpAnswer> {
  try {
    const response = await fetch(new URL(path, url), { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return { status: response.status, body: await response.json() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const advice = 'Start one with: npm start, or name its address with --url or DAYBOOK_URL';
    process.stderr.write(`daybook: nobody answers at ${url} (${cause}). ${advice}\n`);
    process.exit(UNREACHABLE);
  }
}
