import { spawn } from 'node:child_process';

/** One thing a page tells its reader to type, and what it says will come back; null where it says nothing. */
export interface Step {
  readonly line: number;
  readonly commands: string;
  readonly promised: string | null;
}

const BLOCK = /^```(sh|json|text)\n([\s\S]*?)^```$/gm;

/** Every block of shell, with the block of output right behind it, if there is one. */
export function stepsOf(page: string): Step[] {
  const steps: { line: number; commands: string; promised: string | null; end: number }[] = [];
  for (const match of page.matchAll(BLOCK)) {
    const [whole, language, text = ''] = match;
    const start = match.index;
    const last = steps.at(-1);
    if (language === 'sh') {
      steps.push({ line: page.slice(0, start).split('\n').length, commands: text, promised: null, end: start + whole.length });
    } else if (last !== undefined && last.promised === null) {
      last.promised = text;
    }
  }
  return steps.map(({ line, commands, promised }) => ({ line, commands, promised }));
}

/** Types one step after the other into one shell, as a reader would, and gives back what each printed. */
export async function follow(steps: readonly Step[], environment: Readonly<Record<string, string>>, cwd: string): Promise<string[]> {
  const mark = '--- end of step ---';
  const script = steps.map(({ commands }) => `${commands}\necho; echo '${mark}'`).join('\n');
  const shell = spawn('bash', ['-eu', '-c', script], { cwd, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaints = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const code = await new Promise((resolve) => shell.once('close', resolve));
  if (code !== 0) throw new Error(`the shell ended with ${String(code)}:\n${printed}${complaints}`);
  return printed.split(`${mark}\n`).slice(0, -1);
}

/** A promise with `…` in it is kept by any text in that place; how it is broken into lines does not count. */
export function isKept(promised: string, printed: string): boolean {
  const parts = promised.split('…').map((part) => withoutSpace(part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(withoutSpace(printed));
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
