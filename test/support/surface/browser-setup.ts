/** Starts a world with an issuer at `localhost`, other sites at 127.0.0.1, and a real browser. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../browser/chromium.ts';
import { codeAt } from '../codes.ts';
import { startWorld, type TestPerson, type WorldOptions, type World } from '../world/world.ts';

export interface Site {
  /** `http://127.0.0.1:PORT`: another site than the issuer's `localhost`. */
  readonly origin: string;
  close(): Promise<void>;
}

export const openSite = async (answer: RequestListener): Promise<Site> => {
  const server = createServer(answer);
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Answers every request with one page. */
export const servePage =
  (html: string): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html>${html}`);
  };

export interface BrowserSetup {
  readonly world: World;
  readonly chromium: Browser;
  /** The site of the clients, with the `/callback` of each. */
  readonly client: Site;
  /** The address of an authorization request. */
  authorizationUrl(client: string, more?: string): string;
  /** Types name and password. */
  enterPassword(page: Page, person: Pick<TestPerson, 'name' | 'password'>): Promise<void>;
  /** Types the code of the app. Every code works once, so time advances first. */
  enterCode(page: Page, person: Pick<TestPerson, 'totpSecret'>): Promise<void>;
  /** Signs in from the client to its callback. */
  signIn(context: BrowserContext, person: TestPerson, client?: string): Promise<Page>;
  close(): Promise<void>;
}

const pkce = `code_challenge=${'c'.repeat(43)}&code_challenge_method=S256`;

export const openBrowserSetup = async (
  wish: WorldOptions = {},
  clientPage: RequestListener = servePage('<title>client</title><h1>The client</h1>'),
  browser: Parameters<typeof launchBrowser>[0] = {},
): Promise<BrowserSetup> => {
  const world = await startWorld({ hostname: 'localhost', ...wish });
  const [client, chromium] = await Promise.all([openSite(clientPage), launchBrowser(browser)]);
  const redirect = `${client.origin}/callback`;
  for (const [id, isOwn] of [
    ['contoso', true],
    ['stranger', false],
  ] as const) {
    await world.addClient({
      id,
      first_party: isOwn,
      redirectUris: [redirect],
      postLogoutRedirectUris: [`${client.origin}/`],
    });
  }
  const setup: BrowserSetup = {
    world,
    chromium,
    client,
    authorizationUrl: (id, more = '') =>
      `${world.issuer.origin}/auth?client_id=${id}&response_type=code&scope=openid%20email&state=s&${pkce}` +
      `&redirect_uri=${encodeURIComponent(redirect)}${more}`,
    async enterPassword(at, { name, password }) {
      await at.locator('#name').fill(name);
      await at.locator('input[name=password]').fill(password);
      await at.locator('form[action$="/password"] button[type=submit]').last().click();
    },
    async enterCode(at, person) {
      world.clock.advance(60_000);
      const input = at.locator('input[autocomplete="one-time-code"]');
      await input.waitFor();
      // Its script submits a whole code, but sees only what is typed after it has started.
      await at.waitForLoadState();
      await input.fill(codeAt(person, world.clock()));
    },
    async signIn(context, person, id = 'contoso') {
      const at = await context.newPage();
      await at.goto(setup.authorizationUrl(id));
      await setup.enterPassword(at, person);
      await setup.enterCode(at, person);
      await at.waitForURL(url => url.href.startsWith(redirect));
      return at;
    },
    async close() {
      await chromium.close();
      await Promise.all([client.close(), world.close()]);
    },
  };
  return setup;
};
