/** Starts Debian's Chromium without a window. Every context is checked for the rules of test/support/surface. */
import { existsSync } from 'node:fs';
import { afterAll } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { checkSurface, type SurfaceCheck } from '../surface/surface-check.ts';

// The same engine without windows takes half the processor time. Without it, tests use the whole browser.
const shell = '/usr/bin/chromium-headless-shell';
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

interface LaunchOptions {
  /** Back may show a page kept in memory (bfcache), as in ordinary browsers. The shell never does. */
  readonly keepsPages?: boolean;
  /** Visits pages of other software too. The rules are not for them, so nothing is checked. */
  readonly visitsOthers?: boolean;
  /** Path of a YUV4MPEG2 video that its camera shows, without a question to the person. */
  readonly camera?: string;
}

const checks: SurfaceCheck[] = [];
/** Checks all contexts of the file after its tests, without a call in the test. */
afterAll(async () => {
  await Promise.all(checks.map(each => each.settled()));
  const wrong = new Set(checks.flatMap(each => each.wrong));
  if (wrong.size > 0) throw new Error(`what the browser was answered is wrong:\n${[...wrong].join('\n')}`);
});

const withSurfaceChecks = (browser: Browser): Browser => {
  const [newContext, newPage] = [browser.newContext.bind(browser), browser.newPage.bind(browser)];
  browser.newContext = async options => {
    const context = await newContext(options);
    checks.push(checkSurface(context));
    return context;
  };
  browser.newPage = async options => {
    const page = await newPage(options);
    checks.push(checkSurface(page.context()));
    return page;
  };
  return browser;
};

/** Starts a browser. @throws Error without Chromium, because a skipped test of the pages must be seen. */
export const launchBrowser = async ({
  keepsPages = false,
  visitsOthers = false,
  camera,
}: LaunchOptions = {}): Promise<Browser> => {
  // The shell has no camera.
  const executables = keepsPages || camera !== undefined ? browsers : [shell, ...browsers];
  const executablePath = executables.find(existsSync);
  if (executablePath === undefined)
    throw new Error(
      `no Chromium at ${executables.join(' or ')}: install Debian's packages chromium and chromium-headless-shell`,
    );
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
      ...(camera === undefined
        ? []
        : ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera}`]),
    ],
  });
  return visitsOthers ? browser : withSurfaceChecks(browser);
};
