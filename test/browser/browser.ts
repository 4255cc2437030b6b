import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import WebSocket from 'ws';
import { temporaryDirectory } from '../support/instance.js';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly entry?: { readonly text: string; readonly level: string } };
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

/** One page in a headless Chromium, driven over the DevTools protocol: enough to load an address and ask about it. */
export class Browser {
  /** What the page complained about, such as a style its policy forbids. */
  readonly complaints: string[] = [];
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private readonly loaded = new Set<() => void>();
  private nextId = 1;

  private constructor(
    private readonly child: ChildProcess,
    private readonly socket: WebSocket,
    private readonly profile: { remove(): Promise<void> },
  ) {
    socket.on('message', (data: Buffer) => this.receive(JSON.parse(data.toString('utf8')) as Reply));
  }

  static async open(): Promise<Browser> {
    const program = [process.env['CHROME_PATH'] ?? '', ...CANDIDATES].find((path) => existsSync(path));
    if (program === undefined) {
      throw new Error('These tests need Chromium: install it (apt-get install chromium) or name it in CHROME_PATH.');
    }
    const profile = await temporaryDirectory();
    const child = spawn(program, [...FLAGS, `--user-data-dir=${profile.path}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const devtools = new URL(await devtoolsAddress(child));
    const pages = (await (await fetch(`http://${devtools.host}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
    const socket = new WebSocket(pages[0]?.webSocketDebuggerUrl ?? '');
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const browser = new Browser(child, socket, profile);
    for (const domain of ['Page', 'Log', 'Runtime']) await browser.call(`${domain}.enable`);
    return browser;
  }

  async visit(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.loaded.add(resolve));
    await this.call('Page.navigate', { url });
    await loaded;
  }

  async ask(expression: string): Promise<unknown> {
    const { result } = await this.call('Runtime.evaluate', { expression, returnByValue: true });
    return result?.result?.value;
  }

  async close(): Promise<void> {
    this.socket.close();
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
    await this.profile.remove();
  }

  private call(method: string, params: object = {}): Promise<Reply> {
    const id = this.nextId++;
    const reply = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params }));
    return reply;
  }

  private receive(reply: Reply): void {
    if (reply.id !== undefined) this.waiting.get(reply.id)?.(reply);
    const entry = reply.params?.entry;
    if (reply.method === 'Log.entryAdded' && entry?.level === 'error') this.complaints.push(entry.text);
    if (reply.method !== 'Page.loadEventFired') return;
    for (const resolve of this.loaded) resolve();
    this.loaded.clear();
  }
}

function devtoolsAddress(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new Error(`Chromium ended before it could be driven:\n${said}`)));
  });
}
