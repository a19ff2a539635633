/** Debian's Chromium, headless, told to speak to nobody but the servers of the test. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** The browser to drive; @throws where there is none: the sign-in page is not tested then, and nobody should think so. */
export const launchBrowser = async (): Promise<Browser> => {
  const executablePath = places.find(existsSync);
  if (executablePath === undefined)
    throw new Error(`no Chromium at ${places.join(' or ')}: install Debian's package chromium`);
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
};
