/** Runs the examples of examples/ beside development servers over each kind of store, as their READMEs say. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { Agent } from '../../examples/clients/support/agent.ts';
import { openWorld } from '../../examples/clients/support/open-world.ts';
import { approveCall, hangUp } from '../../examples/clients/support/phone.ts';
import { signIn } from '../../examples/clients/support/sign-in.ts';
import { person, world } from '../../examples/clients/support/world.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { heading } from '../support/browser/plain.ts';
import { canRunMongod, startMongod } from '../support/world/mongod.ts';
import { startRedis } from '../support/world/redis-server.ts';
import { startExample, startSite } from './support/example.ts';

interface Backend {
  /** Settings of the development server. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<unknown>;
}

const backends: readonly (readonly [title: string, open: () => Promise<Backend>])[] = [
  ['SQLite', async () => ({ settings: {}, stop: async () => {} })],
  [
    'Redis and MongoDB',
    async () => {
      const [redis, mongod] = await Promise.all([startRedis(), startMongod()]);
      return {
        settings: {
          REDIS_URL: redis.url,
          SALLYPORT_DATABASE_URL: mongod.url,
          SALLYPORT_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
        },
        stop: () => Promise.all([redis.stop(), mongod.stop()]),
      };
    },
  ],
];
const tested = backends.filter(([title]) => title === 'SQLite' || canRunMongod('examples on Redis and MongoDB'));

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser({ visitsOthers: true });
});
afterAll(() => browser.close());

describe.each(tested)('on %s', (_title, open) => {
  let backend: Backend;
  let opened: Awaited<ReturnType<typeof openWorld>>;
  beforeAll(async () => {
    backend = await open();
    opened = await openWorld({ ...backend.settings, SALLYPORT_REMEMBER_BROWSER: '14d' });
  });
  afterAll(async () => {
    await opened.close();
    await backend.stop();
  });

  test('Express signs a person in and out, and asks for a second step before a transfer', async () => {
    const { url } = await startSite('express');
    const { sub, displayName: name, email } = person();
    const agent = new Agent();
    expect(heading(await agent.visit(url))).toBe('Express');
    const first = await signIn(agent, await agent.visit(`${url}/me`), { remember: 'yes' });
    expect(JSON.parse(first.text)).toMatchObject({ sub, name, email, acr: 'mfa' });

    const leaving = await agent.submit(await agent.visit(url), /\/logout$/);
    const out = await agent.submit(leaving, /session\/end/, { logout: 'yes' });
    expect(out.url.href).toBe(`${url}/`);

    // This browser is remembered: the password alone is enough, except for the transfer.
    const again = await signIn(agent, await agent.visit(`${url}/me`));
    expect(JSON.parse(again.text)).toMatchObject({ sub, acr: 'sfa' });
    const asked = await agent.visit(`${url}/transfer`);
    expect(asked.url.origin).toBe(world().issuer);
    const transferred = await signIn(agent, asked);
    expect(JSON.parse(transferred.text)).toMatchObject({ transferred: true, by: { sub, acr: 'mfa' } });
  });
  test('Express says so when the person cancels, and nobody is signed in', async () => {
    const { url } = await startSite('express');
    const agent = new Agent();
    const refused = await agent.submit(await agent.visit(`${url}/me`), /\/(?:abort|cancel)$/);
    expect({ status: refused.status, text: refused.text }).toEqual({
      status: 400,
      text: 'The sign-in failed: access_denied',
    });
    expect((await agent.visit(`${url}/me`)).url.origin).toBe(world().issuer);
  });

  test('Koa signs a person in and out', async () => {
    const { url } = await startSite('koa');
    const { sub, displayName: name, email } = person();
    const agent = new Agent();
    const page = await signIn(agent, await agent.visit(url));
    expect(JSON.parse(page.text)).toMatchObject({ sub, name, email, acr: 'mfa' });
    const leaving = await agent.visit(`${url}/logout`, {}, page);
    const out = await agent.submit(leaving, /session\/end/, { logout: 'yes' });
    expect(out.url.origin).toBe(world().issuer);
  });

  test('the single-page application signs a person in and out', async () => {
    const { url } = await startSite('spa');
    const { name, password, displayName, email } = person();
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('input[autocomplete^="username"]').fill(name);
    await page.locator('input[type="password"]').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await approveCall();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await hangUp();
    await page.getByText(`${displayName}, ${email}`).waitFor();
    expect(page.url()).toBe(`${url}/`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('Nobody is signed in.').waitFor();
    await page.close();
  });

  test('the command-line program signs in the person who types its code', async () => {
    const program = await startExample('device-cli');
    const [, address = '', code = ''] = await program.until(/^Open (\S+) and enter (\S+)$/m);
    const agent = new Agent();
    const confirm = await agent.submit(await agent.visit(address), /\/device$/, { user_code: code });
    const connected = await signIn(agent, await agent.submit(confirm, /\/device\/confirm$/, { answer: 'allow' }));
    expect(heading(connected)).toBe('Device connected');
    expect(await program.ended).toBe(0);
    expect(program.said.out).toContain(`Signed in as ${person().displayName}, ${person().email}\n`);
  });

  test('the resource server asks for a stronger sign-in, and its site answers once', async () => {
    const { url } = await startSite('resource-server');
    const agent = new Agent();
    expect((await agent.visit(`${url}/api/team`)).headers['www-authenticate']).toBe('Bearer');
    // A browser that is remembered: the password alone is enough for the team.
    await signIn(agent, await agent.visit(`${url}/team`), { remember: 'yes' });
    const leaving = await agent.visit(new URL('/session/end', world().issuer));
    await agent.submit(leaving, /session\/end/, { logout: 'yes' });
    const again = await startSite('resource-server');
    const team = await signIn(agent, await agent.visit(`${again.url}/team`));
    expect(JSON.parse(team.text)).toEqual({ team: ['Ada', 'Grace'] });

    const asked = await agent.visit(`${again.url}/payslips`);
    const request = agent.visited.findLast(({ pathname }) => pathname === '/auth');
    expect(request?.searchParams.get('acr_values')).toBe('mfa aal2 phr');
    expect(request?.searchParams.get('max_age')).toBe('300');
    expect(heading(asked)).toBe('Confirm it’s you');
    expect(JSON.parse((await signIn(agent, asked)).text)).toEqual({ payslips: ['2026-11'] });
    // Now the token is enough.
    expect(JSON.parse((await agent.visit(`${again.url}/payslips`)).text)).toEqual({ payslips: ['2026-11'] });
  });

  test('the service gets a token for its API, which checks it', async () => {
    const service = await startExample('service');
    expect(await service.ended).toBe(0);
    expect(service.said.out).toContain("{ reports: [ '2026-11' ], for: 'example-service' }\n");
  });
});
