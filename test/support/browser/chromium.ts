/** Debian's Chromium, headless, told to speak to nobody but the servers of the test, and watched whatever the test is about. */
import { existsSync } from 'node:fs';
import { afterAll } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { watchSurface, type Watched } from '../surface/browser.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

interface Wish {
  /** As people's browsers do: Back may show a page that was kept as it was (bfcache). */
  readonly keepsPages?: boolean;
}

const watched: Watched[] = [];
/** Every context of a file's browsers, after its tests: nobody has to ask for it. */
afterAll(async () => {
  await Promise.all(watched.map(each => each.settled()));
  const wrong = new Set(watched.flatMap(each => each.wrong));
  if (wrong.size > 0) throw new Error(`what the browser was answered is wrong:\n${[...wrong].join('\n')}`);
});

const watching = (browser: Browser): Browser => {
  const [newContext, newPage] = [browser.newContext.bind(browser), browser.newPage.bind(browser)];
  browser.newContext = async options => {
    const context = await newContext(options);
    watched.push(watchSurface(context));
    return context;
  };
  browser.newPage = async options => {
    const page = await newPage(options);
    watched.push(watchSurface(page.context()));
    return page;
  };
  return browser;
};

/** The browser to drive; @throws where there is none: the sign-in page is not tested then, and nobody should think so. */
export const launchBrowser = async ({ keepsPages = false }: Wish = {}): Promise<Browser> => {
  const executablePath = places.find(existsSync);
  if (executablePath === undefined)
    throw new Error(`no Chromium at ${places.join(' or ')}: install Debian's package chromium`);
  const browser = await chromium.launch({
    executablePath,
    ...(keepsPages && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  return watching(browser);
};
