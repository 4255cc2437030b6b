import { Instance, temporaryDirectory } from '../support/instance.js';
import { Browser } from './browser.js';

jest.setTimeout(60_000);

describe('the pages, in a browser', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let instance: Instance;
  let browser: Browser;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    instance = await Instance.start({ dataDirectory: directory.path });
    browser = await Browser.open();
  });
  afterAll(async () => {
    await browser.close();
    await instance.interrupt();
    await directory.remove();
  });
  afterEach(() => expect(browser.complaints).toEqual([]));

  it('say at / that everything is well, in the style the policy allows', async () => {
    await browser.visit(instance.url);
    expect(await browser.ask('document.title')).toBe('Daybook');
    expect(await browser.ask('document.querySelector(".lead").textContent')).toContain('ready');
    expect(await browser.ask('getComputedStyle(document.querySelector("main")).maxWidth')).not.toBe('none');
  });

  it('lead from / to docs that describe every message, and from there to every error', async () => {
    await browser.visit(instance.url);
    const links = (await browser.ask('[...document.links].map((link) => link.href).join(" ")')) as string;
    for (const link of links.split(' ')) expect((await fetch(link)).status).toBe(200);
    await browser.visit(`${instance.url}/docs`);
    expect(await browser.ask('document.getElementById("createFamily").textContent')).toBe('createFamily');
    const anchors = (await browser.ask('[...document.links].map((link) => link.hash).join("")')) as string;
    await browser.visit(`${instance.url}/docs/errors`);
    for (const anchor of anchors.split('#').filter(Boolean)) {
      expect(await browser.ask(`document.getElementById(${JSON.stringify(anchor)}) !== null`)).toBe(true);
    }
  });

  it('fit a narrow screen: nothing but code scrolls sideways', async () => {
    await browser.visit(instance.url);
    expect(await browser.ask('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });
});
