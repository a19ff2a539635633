/** Opens a world with passkeys on Redis and two nodes, and lets people with an authenticator visit it in Chromium. */
import type { RequestListener } from 'node:http';
import { expect } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openBrowserSetup, type BrowserSetup } from '../surface/browser-setup.ts';
import { openRelyingParty, type Request } from '../world/relying-party.ts';
import { stores } from '../world/stores.ts';
import type { WorldOptions } from '../world/world.ts';
import { axeFindings } from './axe.ts';
import { listenForComplaints } from './complaints.ts';
import { countEffort, type Effort } from './effort.ts';
import { createLooks } from './looks.ts';
import { outOfPlace } from './out-of-place.ts';
import { transferred } from './transferred.ts';
import { addAuthenticator, type VirtualAuthenticator, type VirtualModel } from './virtual-authenticator.ts';

/** Sends each request to another node than the one before. */
const alternately = (): NonNullable<WorldOptions['front']> => {
  const nodes: RequestListener[] = [];
  let turn = 0;
  return node => {
    nodes.push(node);
    return (request, response) => nodes[(turn += 1) % nodes.length]?.(request, response);
  };
};

const clientPage =
  '<!doctype html><title>Contoso</title><h1>Contoso</h1><form action="/begin"><button>Sign in</button></form>';

/** What a token says of the sign-in. */
export interface SignedIn {
  readonly sub: string;
  readonly acr: unknown;
  readonly amr: unknown;
}

export interface PasskeySetup extends BrowserSetup {
  /** Begins a sign-in with these parameters at the next press of the client's button. */
  ask(wish: Readonly<Record<string, string>>): void;
  /** Redeems the code of a callback. */
  redeem(callback: URL): Promise<SignedIn>;
}

/** The client "Contoso Office" has a page with the button "Sign in". Invitations are off, unless `env` says otherwise. */
export const openPasskeySetup = async (
  env: NonNullable<WorldOptions['env']>,
  browser: Parameters<typeof openBrowserSetup>[2] = {},
): Promise<PasskeySetup> => {
  const store = stores.find(({ name }) => name === 'redis');
  const begun = new Map<string, Request>();
  let wished: Readonly<Record<string, string>> = {};
  const begin = async (): Promise<string> => {
    const request = await rp.begin(wished);
    wished = {};
    begun.set(new URL(request.url).searchParams.get('state') ?? '', request);
    return request.url;
  };
  const setup = await openBrowserSetup(
    { env, nodes: 2, front: alternately(), ...(store !== undefined && { store }) },
    ({ url = '' }, response) => {
      if (url === '/begin?') void begin().then(location => response.writeHead(303, { location }).end());
      else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(clientPage);
    },
    browser,
  );
  const redirectUris = [`${setup.client.origin}/callback`];
  const rp = await openRelyingParty(setup.world, await setup.world.addClient({ id: 'office', redirectUris }));
  return {
    ...setup,
    ask(wish) {
      wished = wish;
    },
    async redeem(callback) {
      const request = begun.get(callback.searchParams.get('state') ?? '');
      const claims = (await request?.redeem(callback))?.claims();
      if (claims === undefined) throw new Error('no sign-in of this client ended here');
      const { sub, acr, amr } = claims;
      return { sub, acr, amr };
    },
  };
};

/** A script for `prepare`: changes the options of each request for a passkey before the browser gets them. */
export const changing = (change: string): string =>
  `const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = ({ publicKey, ...rest }) => get({ ...rest, publicKey: { ...publicKey, ...(${change}) } });`;
/** A person at a browser of their own, with an authenticator. */
export interface PasskeyVisit {
  readonly page: Page;
  readonly authenticator: VirtualAuthenticator;
  readonly effort: Effort;
  /** Presses the client's button. */
  readonly begin: () => Promise<void>;
  /** Waits for the page with this heading, and looks at it: axe, layout, size. */
  readonly sees: (heading: string | RegExp) => Promise<void>;
  readonly says: (text: string) => Promise<void>;
  readonly press: (name: string | RegExp) => Promise<void>;
  /** Waits for the client's callback, and redeems its code. */
  readonly arrive: () => Promise<SignedIn>;
}

const isNewLook = createLooks();
const narrow = { width: 320, height: 640 };
const wide = { width: 1280, height: 800 };
const pictures = process.env['PASSKEY_PICTURES'];
let taken = 0;

/** Checks a page that has parts which no page before it had, also at the width of a small phone. `PASSKEY_PICTURES`: a folder for pictures. */
export const lookAt = async (page: Page): Promise<void> => {
  await page.waitForLoadState();
  expect(await transferred(page)).toBeLessThan(40_000);
  if (!isNewLook(await page.content()) && pictures === undefined) return;
  for (const viewport of [narrow, wide]) {
    await page.setViewportSize(viewport);
    expect(await page.evaluate(outOfPlace)).toEqual([]);
    if (pictures === undefined) continue;
    taken += 1;
    await page.screenshot({
      path: `${pictures}/${String(taken).padStart(3, '0')}-${viewport.width}.png`,
      fullPage: true,
    });
  }
  expect(await axeFindings(page)).toEqual({ violations: [], unknownContrast: [] });
};

/** Runs `tell` in a browser of its own with an authenticator, by default a phone's. Expects no complaints of the browser. */
export const visit = async (
  setup: PasskeySetup,
  {
    model,
    prepare,
    ...options
  }: BrowserContextOptions & {
    readonly model?: VirtualModel;
    /** Runs in each page before its scripts. */
    readonly prepare?: string;
  },
  tell: (visit: PasskeyVisit) => Promise<void>,
): Promise<void> => {
  const context = await setup.chromium.newContext({ locale: 'en-US', viewport: wide, ...options });
  const complaints = listenForComplaints(context);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    if (prepare !== undefined) await page.addInitScript(prepare);
    const authenticator = await addAuthenticator(page, model);
    await tell({
      page,
      authenticator,
      effort: await countEffort(context, setup.world.issuer),
      async begin() {
        await page.goto(setup.client.origin);
        await page.getByRole('button', { name: 'Sign in' }).click();
      },
      async sees(heading) {
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
        await lookAt(page);
      },
      says: text => page.getByText(text).first().waitFor(),
      press: name =>
        page
          .getByRole('button', { name, exact: true })
          .or(page.getByRole('link', { name, exact: true }))
          .first()
          .click(),
      async arrive() {
        await page.waitForURL(url => url.href.startsWith(`${setup.client.origin}/callback?`));
        return setup.redeem(new URL(page.url()));
      },
    });
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
};
