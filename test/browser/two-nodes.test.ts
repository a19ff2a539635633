/**
 * Tests a sign-in by call in a real browser across two nodes behind HAProxy: the pages come from one, the carrier calls the other.
 * Then either node is killed (kill -9) at each step, and the person goes on. Slow: starts Chromium, and starts servers again.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasProxy, startSite, type Site } from '../faults/support/site.ts';
import { eventually, pause, type SiteNode } from '../faults/support/site/nodes.ts';
import type { SitePerson } from '../faults/support/site/people.ts';
import { wantedNode } from '../faults/support/site/proxies.ts';
import { newRequest } from '../faults/support/site/tokens.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { untilHeard } from '../support/world/clock.ts';
import { hasRedisServer, startRedis, type RedisServer } from '../support/world/redis-server.ts';

const patience = 60_000;
/** A person who sees nothing happen loads the page again. */
const untilReload = 6_000;
const mostReloads = 3;

let site: Site;
let redis: RedisServer | undefined;
let chromium: Browser;
/** The client: any page will do. */
let client: Server;
let pages: SiteNode;
let callbacks: SiteNode;
const logged = (node: SiteNode, { id }: SitePerson, event: string): boolean =>
  node.output.split('\n').some(line => line.includes(`"event":"${event}"`) && line.includes(id));
const passed = (node: SiteNode, person: SitePerson): boolean => logged(node, person, 'challenge.passed');

const servedBy = async (page: Page, path: string): Promise<string | undefined> =>
  (await page.goto(site.issuer.origin + path))?.headers()['x-node'];

const enterPassword = async (page: Page, { name, password }: SitePerson): Promise<void> => {
  await page.getByLabel('Name or e-mail address').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: /calling/ }).waitFor();
};
const answerCall = async (person: SitePerson): Promise<void> => {
  const phone = person.phone();
  await phone.ringing();
  await phone.answer();
  await phone.hear();
  await pause(untilHeard);
  await phone.press('#');
  // A node that dies before it has the key was never told: the person would have to ask for another call.
  await eventually('the answer is stored', () => site.nodes.some(node => passed(node, person)));
};

/** A browser of its own that is led to `pages`, where that runs. */
const openPage = async (): Promise<Page> => {
  const context = await chromium.newContext({ extraHTTPHeaders: { [wantedNode]: `127.0.0.1:${pages.port}` } });
  return context.newPage();
};
const isAtClient = (url: URL): boolean => url.href.startsWith(`${site.client.redirectUri}?`);

/** Waits for the client. Loads the page of the sign-in again where it does not come, as a person does who sees no progress. */
const arrive = async (page: Page, address: string): Promise<void> => {
  for (let left = mostReloads; left > 0; left -= 1) {
    const hasArrived = await page.waitForURL(isAtClient, { timeout: untilReload }).then(
      () => true,
      () => false,
    );
    if (hasArrived) return;
    await page.goto(address).catch(() => undefined);
  }
  await page.waitForURL(isAtClient, { timeout: untilReload });
};

const suite = hasProxy('haproxy') ? describe : describe.skip;

suite('a sign-in by call across two nodes', () => {
  beforeAll(async () => {
    redis = hasRedisServer() ? await startRedis() : undefined;
    client = createServer((_request, response) => void response.end('<!DOCTYPE html><title>Contoso</title>'));
    await new Promise<void>(resolve => {
      client.listen(0, '127.0.0.1', resolve);
    });
    site = await startSite({
      redirectUri: `http://127.0.0.1:${(client.address() as AddressInfo).port}/callback`,
      proxy: 'haproxy',
      carrier: true,
      callbacksAt: 1,
      ...(redis !== undefined && { redisUrl: redis.url }),
    });
    [pages, callbacks] = site.nodes as readonly [SiteNode, SiteNode];
    // A killed node leaves pages of the proxy behind (502), which have no rules of ours.
    chromium = await launchBrowser({ visitsOthers: true });
  }, patience);
  afterAll(async () => {
    await chromium?.close();
    await site?.close();
    client?.close();
    client?.closeAllConnections();
    await redis?.stop();
  }, patience);
  afterEach(async () => {
    for (const node of site.nodes) {
      if (!node.isRunning) await site.restart(node);
    }
  }, patience);

  test(
    'the page comes from one node, the call is answered at the other, and the sign-in ends at the first',
    async () => {
      const [person] = (await site.addPeople(1, 'call')) as readonly [SitePerson];
      const page = await openPage();
      const answers: (string | undefined)[] = [];
      page.on('response', answer => {
        if (answer.url().startsWith(site.issuer.origin)) answers.push(answer.headers()['x-node']);
      });
      await page.goto(site.issuer.origin + newRequest(site.client).path);
      await enterPassword(page, person);
      await answerCall(person);
      await arrive(page, page.url());
      expect(new Set(answers)).toEqual(new Set([`127.0.0.1:${pages.port}`]));
      expect([passed(pages, person), passed(callbacks, person)]).toEqual([false, true]);
      expect(logged(pages, person, 'sign-in.finished')).toBe(true);
      await page.context().close();
    },
    patience,
  );

  const victims = [
    { title: 'the node of the pages', node: () => pages },
    { title: 'the node of the callbacks', node: () => callbacks },
  ];
  const moments = ['before the password', 'while the phone rings', 'after the call was answered'] as const;

  for (const { title, node } of victims) {
    test.each(moments)(
      `${title} is killed %s, and the person goes on`,
      async moment => {
        const [person] = (await site.addPeople(1, 'call')) as readonly [SitePerson];
        const page = await openPage();
        const strike = async (at: (typeof moments)[number]): Promise<void> => {
          if (at === moment) await node().kill();
        };
        expect(await servedBy(page, newRequest(site.client).path)).toBe(`127.0.0.1:${pages.port}`);
        await strike('before the password');
        await enterPassword(page, person);
        const address = page.url();
        await strike('while the phone rings');
        await answerCall(person);
        await strike('after the call was answered');
        await arrive(page, address);
        const calls = (await person.phone().phone()).calls;
        expect(calls.length).toBe(1);
        await page.context().close();
      },
      patience,
    );
  }

  test('the invariants hold', async () => {
    expect(await site.violations()).toEqual([]);
  });
});
