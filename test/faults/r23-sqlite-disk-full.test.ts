/**
 * R23. The disk under the SQLite file is full, or fails. A file-size limit on a running server (`prlimit`) refuses its writes in the
 * same way, at any place of a file: in the middle of a page, of a transaction, of a checkpoint. Requests that write are answered 503
 * and stored as a whole or not at all; others go on. With room again the same process writes again, and after `kill -9` every
 * acknowledged write is there.
 * Guards: `adapters/sqlite/file.ts#inTransaction`, `adapters/sqlite/file.ts#asProblem`.
 * Takes some seconds: it starts a server twice.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servicesOver } from '../../cli/services.ts';
import { openResources } from '../../server/resources.ts';
import { loadSettings } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { Browser, heading, type Answer } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import { writeClient } from '../support/world/clients.ts';
import { freeNeighbourPorts, start, type Program } from '../support/world/programs.ts';
import { atClient, enterPassword } from '../support/world/relying-party.ts';
import { amount, seeded } from './support/amounts.ts';

const isPossible = spawnSync('prlimit', ['--version']).status === 0;
if (!isPossible && process.env['CI'] === 'true') throw new Error('CI needs prlimit (util-linux)');
if (!isPossible) console.warn('R23 is not tested: this machine has no prlimit (Debian: util-linux)');
const suite = isPossible ? describe : describe.skip;

const client = { id: 'contoso', secret: 'secret of contoso', redirectUri: 'https://contoso.test/callback' };
const person = { name: 'linus', password: 'copper-beacon-desert' };
const outages = amount({ test: 6, full: 60 });
/** Requests that write while there is no room. */
const refusals = 4;
const families = 4;

let folder: string;
let port: number;
let env: Record<string, string>;
let server: Program;
let browser: Browser;

const startServer = async (): Promise<void> => {
  server = start('server/main.ts', [], { cwd: folder, env });
  await server.until(/"event":"server\.listening"/);
};

/** The largest size to which the running server can write a file. */
const limitFiles = (bytes: number | 'unlimited'): void => {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${server.child.pid}`, `--fsize=${bytes}:unlimited`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
};

const backChannel = {
  'content-type': 'application/x-www-form-urlencoded',
  accept: 'application/json',
  authorization: `Basic ${Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64')}`,
};
const post = (path: string, form: Readonly<Record<string, string>>): Promise<Answer> =>
  browser.go(path, { method: 'POST', body: new URLSearchParams(form).toString(), headers: backChannel });
const member = ({ text }: Answer, name: string): string => String(Reflect.get(JSON.parse(text) as object, name));
const isActive = async (token: string): Promise<boolean> =>
  JSON.stringify(JSON.parse((await post('/token/introspection', { token })).text)).includes('"active":true');
const statusOf = async (path: string): Promise<number> => (await browser.go(path)).status;

/** Refresh tokens of one sign-in. Each use is one acknowledged write of the durable half, and one of the short-lived half. */
interface Family {
  refresh: string;
  /** Newest access token. */
  access: string;
}
const use = async (family: Family): Promise<Answer> => {
  const answer = await post('/token', { grant_type: 'refresh_token', refresh_token: family.refresh });
  if (answer.status === 200) {
    family.refresh = member(answer, 'refresh_token');
    family.access = member(answer, 'access_token');
  }
  return answer;
};

const beginSignIn = () => {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return { verifier, path: `/auth?${query.toString()}` };
};

const signIn = async (): Promise<Family> => {
  const { verifier, path } = beginSignIn();
  const own = new Browser({ issuer: new URL(`http://localhost:${port}`), ports: [port], clock: Date.now });
  const back = atClient(own, await enterPassword(own, await own.visit(path), person));
  const answer = await post('/token', {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  });
  return { refresh: member(answer, 'refresh_token'), access: member(answer, 'access_token') };
};

const addPersonAndClient = async (): Promise<void> => {
  const resources = await openResources(loadSettings(env), { log: silentLog });
  const services = await servicesOver(resources);
  const { name, password } = person;
  await services.users.add({ name, displayName: name, passwordHash: await hashOf(services, password) }, 'system');
  await writeClient(services, {
    id: client.id,
    name: 'Contoso',
    secret: client.secret,
    redirectUris: [client.redirectUri],
    postLogoutRedirectUris: [],
    first_party: true,
  });
  await resources.close();
};

suite('R23 no room for the SQLite file', () => {
  const known: Family[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
    port = await freeNeighbourPorts();
    env = {
      SALLYPORT_MODE: 'development',
      SALLYPORT_ISSUER: `http://localhost:${port}`,
      SALLYPORT_DATABASE_URL: `sqlite:${join(folder, 'store.db')}`,
      SALLYPORT_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
      SALLYPORT_FACTORS: 'totp',
      SALLYPORT_INVITATIONS: 'off',
      SALLYPORT_PASSWORD_MEMORY_KIB: '64',
      SALLYPORT_PASSWORD_PASSES: '1',
    };
    await addPersonAndClient();
    await startServer();
    browser = new Browser({ issuer: new URL(env['SALLYPORT_ISSUER'] ?? ''), ports: [port], clock: Date.now });
  });
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    await rm(folder, { recursive: true });
  });

  const expectAllAcknowledged = async (): Promise<void> => {
    expect(await Promise.all(known.map(({ access }) => isActive(access)))).toEqual(known.map(() => true));
  };

  test('R23 with room, sign-ins and refreshes are acknowledged, and their tokens are active', async () => {
    for (let at = 0; at < families; at += 1) known.push(await signIn());
    expect(await Promise.all(known.map(async family => (await use(family)).status))).toEqual(known.map(() => 200));
    await expectAllAcknowledged();
  });

  test('R23 without room, writes are answered 503 with a clear page, and reads, JWKS and discovery go on', async () => {
    const begun = await browser.visit(beginSignIn().path);
    limitFiles(0);
    const refused = await Promise.all(known.map(use));
    expect(refused.map(({ status }) => status)).toEqual(known.map(() => 503));
    for (const { text } of refused) expect(JSON.parse(text)).toHaveProperty('error');
    // A sign-in that cannot be counted does not begin, and one that began goes no further.
    for (const page of [await enterPassword(browser, begun, person), await browser.visit(beginSignIn().path)]) {
      expect([page.status, heading(page)]).toEqual([503, 'We can’t sign you in right now']);
      expect(page.text).toContain('IDP-1504');
    }
    for (const path of ['/jwks', '/.well-known/openid-configuration', '/healthz']) {
      expect([path, await statusOf(path)]).toEqual([path, 200]);
    }
    expect(await statusOf('/readyz')).toBe(503);
    await expectAllAcknowledged();
    limitFiles('unlimited');
  });

  test('R23 with room again, the same process answers each repeated request', async () => {
    expect(await Promise.all(known.map(async family => (await use(family)).status))).toEqual(known.map(() => 200));
    known.push(await signIn());
    await expectAllAcknowledged();
  });

  test(`R23 ${outages} times, the room ends at a random place of a file under parallel writes`, async () => {
    const random = seeded('R23');
    for (let outage = 0; outage < outages; outage += 1) {
      const log = (await stat(join(folder, 'store.db-wal'))).size;
      limitFiles(Math.floor(random.next() * (log + 100_000)));
      let refused = 0;
      const write = async (family: Family): Promise<void> => {
        for (let tries = 0; tries < 400 && refused < refusals; tries += 1) {
          const { status } = await use(family);
          expect([200, 503]).toContain(status);
          if (status === 503) refused += 1;
        }
      };
      await Promise.all(known.map(write));
      expect(refused).toBeGreaterThanOrEqual(1);
      await expectAllAcknowledged();
      limitFiles('unlimited');
      expect(await Promise.all(known.map(async family => (await use(family)).status))).toEqual(known.map(() => 200));
    }
  });

  test('R23 a process killed without room leaves a whole file with every acknowledged write', async () => {
    limitFiles((await stat(join(folder, 'store.db-wal'))).size + 20_000);
    for (let tries = 0; tries < 400; tries += 1) {
      const statuses = await Promise.all(known.map(async family => (await use(family)).status));
      if (statuses.includes(503)) break;
    }
    server.child.kill('SIGKILL');
    await server.ended;
    const db = new DatabaseSync(join(folder, 'store.db'));
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    db.close();
    await startServer();
    await expectAllAcknowledged();
    expect(await Promise.all(known.map(async family => (await use(family)).status))).toEqual(known.map(() => 200));
    expect(server.said.out).not.toContain('unhandled');
  });
});
