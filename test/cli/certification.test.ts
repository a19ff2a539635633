/**
 * Tests the profile `certification`: the conformance suite can sign people in by what it prints, and no other start of the server
 * has its clients, its person, its keys or its weaker settings.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { read } from '../architecture/support/sources.ts';
import { idPrefix } from '../../cli/dev/certification/clients.ts';
import { relaxed } from '../../cli/dev/certification/settings.ts';
import { loadSettings } from '../../src/config.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { Browser as Visitor } from '../support/browser/plain.ts';
import { freePort } from '../support/world/free-port.ts';
import { freeNeighbourPorts, start, type Program } from '../support/world/programs.ts';
import { runVisit, type Visit } from '../protocol/support/suite-browser.ts';

interface Plan {
  readonly server: { readonly discoveryUrl: string };
  readonly client: { readonly client_id: string; readonly client_secret: string };
  readonly browser: readonly Visit[];
  readonly override: Readonly<Record<string, { readonly browser: readonly Visit[] }>>;
}

/** What browsers and logout tokens asked the suite for. */
const arrived: string[] = [];
let suite: Server;
let origin: string;
let folder: string;
let profile: Program;
let issuer: string;
let plan: Plan;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-certification-'));
  suite = createServer((request, response) => {
    arrived.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p id="submission_complete">Done</p>');
  });
  await new Promise<void>(resolve => suite.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(suite.address() as AddressInfo).port}`;
  const port = await freePort();
  issuer = `http://localhost:${port}`;
  const options = ['--issuer', issuer, '--port', String(port), '--suite', origin];
  profile = start('cli/index.ts', ['certification', ...options], { cwd: folder });
  await profile.until(/^Upload to the suite: /m);
  plan = JSON.parse(readFileSync(join(folder, '.certification/openid-connect.json'), 'utf8')) as Plan;
  // Among others it visits the suite, and pages that post an answer to it.
  browser = await launchBrowser({ visitsOthers: true });
});
afterAll(async () => {
  await browser.close();
  profile.child.kill('SIGTERM');
  await profile.ended;
  suite.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const callback = (): string => `${origin}/test/a/sallyport/callback`;
const request = (more: Readonly<Record<string, string>> = {}): string => {
  const parameters = {
    client_id: plan.client.client_id,
    redirect_uri: callback(),
    response_type: 'code',
    scope: 'openid',
  };
  return `${issuer}/auth?${new URLSearchParams({ ...parameters, state: 'x', ...more }).toString()}`;
};
const noScript = async (): Promise<Page> => (await browser.newContext({ javaScriptEnabled: false })).newPage();

describe('the commands of the plan, in a browser without script', () => {
  test('sign the person in, by pages with plain forms, and out again', async () => {
    const page = await noScript();
    expect(await runVisit(page, plan.browser, request())).toEqual([]);
    const code = new URL(page.url()).searchParams.get('code') ?? '';
    const basic = Buffer.from(`${plan.client.client_id}:${plan.client.client_secret}`).toString('base64');
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback() }),
    });
    const { id_token: idToken } = (await answer.json()) as { id_token: string };
    const after = `${origin}/test/a/sallyport/post_logout_redirect`;
    const leave = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: after, state: 'y' });
    await runVisit(page, plan.browser, `${issuer}/session/end?${leave.toString()}`);
    expect(page.url()).toBe(`${after}?state=y`);
    await page.context().close();
  });

  test('press the button of an answer that is posted', async () => {
    const page = await noScript();
    arrived.length = 0;
    await runVisit(page, plan.browser, request({ response_mode: 'form_post' }));
    await runVisit(page, plan.browser, request({ response_mode: 'form_post', prompt: 'none' }));
    expect(page.url()).toBe(callback());
    expect(arrived.filter(each => each.startsWith('POST '))).toHaveLength(2);
    await page.context().close();
  });

  test('show a page, where a module wants proof of it', async () => {
    const page = await noScript();
    const wrong = plan.override['oidcc-ensure-registered-redirect-uri']?.browser ?? [];
    const [shown] = await runVisit(page, wrong, request({ redirect_uri: `${callback()}/more` }));
    expect(shown).not.toBe('');
    await runVisit(page, plan.browser, request());
    const again = plan.override['oidcc-prompt-login']?.browser ?? [];
    expect(await runVisit(page, again, request({ prompt: 'login' }))).toHaveLength(1);
    const alone = plan.override['oidcc-rp-initiated-logout-no-params']?.browser ?? [];
    expect(await runVisit(page, alone, `${issuer}/session/end`)).toHaveLength(1);
    await page.context().close();
  });
});

test('the suite registers a client with the token of its plan, and signs in by it', async () => {
  const dynamic = JSON.parse(readFileSync(join(folder, '.certification/dynamic.json'), 'utf8')) as {
    readonly client: { readonly client_name: string; readonly initial_access_token: string };
  };
  const { client_name: name, initial_access_token: token } = dynamic.client;
  const discovery = (await (await fetch(plan.server.discoveryUrl)).json()) as { registration_endpoint: string };
  const answer = await fetch(discovery.registration_endpoint, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: name, redirect_uris: [callback()] }),
  });
  const registered = (await answer.json()) as { client_id: string };
  expect(answer.status).toBe(201);
  const page = await noScript();
  await runVisit(page, plan.browser, request({ client_id: registered.client_id, nonce: 'n' }));
  expect(new URL(page.url()).searchParams.has('code')).toBe(true);
  await page.context().close();
});

interface Jwks {
  readonly keys: readonly { readonly kid: string }[];
}

/** Kids of the published keys, and what the server answers to a request of a client of the profile. */
const seenFrom = async (at: string): Promise<{ readonly kids: readonly string[]; readonly status: number }> => {
  const { keys } = (await (await fetch(`${at}/jwks`)).json()) as Jwks;
  const asked = await fetch(request().replace(issuer, at), { redirect: 'manual' });
  return { kids: keys.map(({ kid }) => kid), status: asked.status };
};
const stop = async ({ child, ended }: Program): Promise<void> => {
  child.kill('SIGTERM');
  await ended;
};
const cli = async (...args: readonly string[]): Promise<string> => {
  const { ended, said } = start('cli/index.ts', args, { cwd: folder });
  if ((await ended) !== 0) throw new Error(said.err);
  return said.out;
};

describe('another start in the same folder', () => {
  test('of the development environment knows nothing of the profile', async () => {
    const port = await freeNeighbourPorts();
    const development = start('cli/index.ts', ['dev', '--port', String(port)], { cwd: folder });
    await development.until(/linus/);
    const [own, other] = [await seenFrom(issuer), await seenFrom(`http://localhost:${port}`)];
    expect([own.status, other.status]).toEqual([303, 400]);
    expect(other.kids.filter(kid => own.kids.includes(kid))).toEqual([]);
    expect(await cli('clients', 'list', '--json')).not.toContain(idPrefix);
    expect(await cli('users', 'list', '--json')).not.toContain('certification');
    await stop(development);
  });

  test('of a production server knows nothing of it, and has no weaker setting', async () => {
    const port = await freePort();
    const env = {
      SALLYPORT_MODE: 'production',
      SALLYPORT_ISSUER: 'https://login.example.test',
      SALLYPORT_PROXY_HOPS: '0',
      SALLYPORT_LISTEN: `127.0.0.1:${port}`,
      SALLYPORT_DATABASE_URL: 'sqlite:production.db',
      SALLYPORT_SEALING_KEYS: `a:${randomBytes(32).toString('base64')}`,
      SALLYPORT_FACTORS: 'totp',
      SALLYPORT_PASSWORD_MEMORY_KIB: '7168',
      SALLYPORT_PASSWORD_PASSES: '5',
    };
    const server = start('server/main.ts', [], { cwd: folder, env });
    await server.until(/"event":"server\.listening"/);
    const visitor = new Visitor({ issuer: new URL(env.SALLYPORT_ISSUER), ports: [port], clock: Date.now });
    const { pathname, search } = new URL(request());
    expect((await visitor.go(pathname + search)).status).toBe(400);
    const { keys } = JSON.parse((await visitor.go('/jwks')).text) as Jwks;
    const { kids } = await seenFrom(issuer);
    expect(keys.filter(({ kid }) => kids.includes(kid))).toEqual([]);
    await stop(server);
    const [own, usual] = [loadSettings({ ...env, ...relaxed }), loadSettings(env)];
    expect(usual.begunSignIns).not.toEqual(own.begunSignIns);
    expect(usual.enrollment.invites).toBe(true);
  });
});

test('no other file of the product imports the profile, and the image has none of it', () => {
  const importing = [...read('{src,server,cli,interactions,portals,adapters,web,simulator}/**/*.ts')]
    .filter(([path, source]) => !path.startsWith('cli/dev/certification/') && source.includes('dev/certification/'))
    .map(([path]) => path);
  expect(importing).toEqual(['cli/certification.ts']);
  const [command = ''] = read('cli/certification.ts').values();
  expect(command.match(/import[^;]*dev\/certification[^;]*/g)).toEqual(["import('./dev/certification/run.ts')"]);
  expect(readFileSync(join(import.meta.dirname, '../../.dockerignore'), 'utf8')).toMatch(/^cli\/dev$/m);
});

test.each([['NODE_ENV'], ['SALLYPORT_MODE']])('refuses to start where %s is production', async name => {
  const { ended, said } = start('cli/index.ts', ['certification'], { cwd: folder, env: { [name]: 'production' } });
  expect(await ended).toBe(78);
  expect(said.err).toContain('not production: it registers clients with weaker rules');
});
