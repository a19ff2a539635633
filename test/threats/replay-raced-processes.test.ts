/**
 * A77 and A78 as races between two processes of the server over one SQLite file, as two containers with one volume run.
 * They share no memory, so that only the file can decide who was first (`replay-raced.test.ts` has the other deployments).
 * Guards: `src/oidc/replay.ts#detectReplay`, `src/oidc/adapter/grants.ts#endGrant`,
 * `src/oidc/adapter/refresh-tokens.ts#createRefreshTokens`.
 * Takes some seconds: starts four processes, and runs twenty races of each kind.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servicesOver } from '../../cli/services.ts';
import { openResources } from '../../server/resources.ts';
import { loadSettings } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { Browser } from '../support/browser/plain.ts';
import { writeClient } from '../support/world/clients.ts';
import { hashOf } from '../support/hash-of.ts';
import { start, freeNeighbourPorts } from '../support/world/programs.ts';
import { atClient, enterPassword } from '../support/world/relying-party.ts';

const patience = 120_000;
const rounds = Array.from({ length: 20 }, (_, round) => round);
/** Parallel requests of a race. They alternate between the processes. */
const racersIn = (round: number): number => (round % 5 === 0 ? 20 : 2);
const redirectUri = 'https://contoso.test/callback';
const person = { name: 'linus', password: 'copper-beacon-desert' };
const backChannel = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
const verifier = randomBytes(32).toString('base64url');
const request = new URLSearchParams({
  client_id: 'contoso',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
}).toString();

interface Tokens {
  readonly status: number;
  readonly error?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
}

/** Two processes of the server, and a browser with a session. */
interface Deployed {
  /** A new code; the session needs no page. */
  code(): Promise<string>;
  redeem(code: string, node?: number): Promise<Tokens>;
  refresh(tokens: Tokens, node?: number): Promise<Tokens>;
  /** The status of the userinfo endpoint. */
  userinfo(tokens: Tokens, node?: number): Promise<number>;
  close(): Promise<void>;
}

const deploy = async (reuseWithin: string): Promise<Deployed> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  const port = await freeNeighbourPorts();
  const ports = [port, port + 1];
  const issuer = `http://localhost:${port}`;
  const env = {
    SALLYPORT_MODE: 'development',
    SALLYPORT_ISSUER: issuer,
    SALLYPORT_DATABASE_URL: `sqlite:${join(folder, 'store.db')}`,
    SALLYPORT_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
    SALLYPORT_FACTORS: 'totp',
    SALLYPORT_REFRESH_REUSE_WITHIN: reuseWithin,
    SALLYPORT_PASSWORD_MEMORY_KIB: '64',
    SALLYPORT_PASSWORD_PASSES: '1',
  };
  await addPersonAndClient(env);
  const processes = ports.map(each =>
    start('server/main.ts', [], { cwd: folder, env: { ...env, SALLYPORT_LISTEN: `127.0.0.1:${each}` } }),
  );
  await Promise.all(processes.map(each => each.until(/"event":"server\.listening"/)));
  const browser = new Browser({ issuer: new URL(issuer), ports, clock: Date.now });
  const page = await browser.visit(`${issuer}/auth?${request}`);
  atClient(browser, await enterPassword(browser, page, person));

  const ask = async (form: Readonly<Record<string, string>>, node: number): Promise<Tokens> => {
    const body = new URLSearchParams({ client_id: 'contoso', ...form }).toString();
    const { status, text } = await browser.go('/token', { method: 'POST', body, headers: backChannel, node });
    return { ...(JSON.parse(text) as Omit<Tokens, 'status'>), status };
  };
  return {
    code: async () => atClient(browser, await browser.go(`/auth?${request}`)).searchParams.get('code') ?? '',
    redeem: (code, node = 0) =>
      ask({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }, node),
    refresh: ({ refresh_token: token = '' }, node = 0) =>
      ask({ grant_type: 'refresh_token', refresh_token: token }, node),
    userinfo: async ({ access_token: token = '' }, node = 0) =>
      (await browser.go('/me', { headers: { authorization: `Bearer ${token}` }, node })).status,
    async close() {
      for (const { child } of processes) child.kill('SIGTERM');
      await Promise.all(processes.map(({ ended }) => ended));
      await rm(folder, { recursive: true });
    },
  };
};

const race = async (round: number, act: (node: number) => Promise<Tokens>): Promise<readonly Tokens[]> =>
  Promise.all(Array.from({ length: racersIn(round) }, (_, at) => act((at + round) % 2)));

/** Checks that one request won, and that none of its tokens is accepted by either process. */
const expectAllEnded = async (deployed: Deployed, round: number, all: readonly Tokens[]): Promise<void> => {
  const winners = all.filter(({ status }) => status === 200);
  const errors = all.flatMap(({ error }) => error ?? []);
  expect([round, winners.length, new Set(errors)]).toEqual([round, 1, new Set(['invalid_grant'])]);
  for (const node of [0, 1]) {
    const [winner = { status: 0 }] = winners;
    const said = [await deployed.userinfo(winner, node), (await deployed.refresh(winner, node)).status];
    expect([round, node, said]).toEqual([round, node, [401, 400]]);
  }
};

describe('A77 and A78 on two processes, where every second use of a refresh token is reuse', () => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await deploy('0s');
  }, patience);
  afterAll(() => deployed.close(), patience);

  test(
    'A77 a race for one code leaves no token of the winner alive',
    async () => {
      const legitimate = await deployed.redeem(await deployed.code());
      const accepted = [await deployed.userinfo(legitimate, 1), (await deployed.refresh(legitimate, 1)).status];
      expect(accepted).toEqual([200, 200]);
      for (const round of rounds) {
        const code = await deployed.code();
        await expectAllEnded(deployed, round, await race(round, node => deployed.redeem(code, node)));
      }
    },
    patience,
  );

  test(
    'A78 a race for one refresh token leaves no token of the winner alive',
    async () => {
      for (const round of rounds) {
        const first = await deployed.redeem(await deployed.code());
        await expectAllEnded(deployed, round, await race(round, node => deployed.refresh(first, node)));
        expect([round, await deployed.userinfo(first)]).toEqual([round, 401]);
      }
    },
    patience,
  );
});

describe('A78 on two processes, where a refresh may be repeated for ten seconds', () => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await deploy('10s');
  }, patience);
  afterAll(() => deployed.close(), patience);

  test(
    'A78 a race for one refresh token gives all the same successor, and the family lives',
    async () => {
      let last = await deployed.redeem(await deployed.code());
      for (const round of rounds) {
        const all = await race(round, node => deployed.refresh(last, node));
        const successors = new Set(all.map(each => each.refresh_token));
        expect([round, successors.size, successors.has(last.refresh_token)]).toEqual([round, 1, false]);
        const statuses = await Promise.all(all.map(async (each, at) => deployed.userinfo(each, at % 2)));
        expect(statuses).toEqual(all.map(() => 200));
        last = all[0] ?? last;
      }
    },
    patience,
  );
});

const addPersonAndClient = async (env: Readonly<Record<string, string>>): Promise<void> => {
  const resources = await openResources(loadSettings(env), { log: silentLog });
  const services = await servicesOver(resources);
  const { name } = person;
  const passwordHash = await hashOf(services, person.password);
  const added = await services.users.add({ name, displayName: name, passwordHash }, 'cli');
  if (!added.ok) throw new Error(added.reason);
  const urls = { redirectUris: [redirectUri], postLogoutRedirectUris: [], first_party: true };
  await writeClient(services, { id: 'contoso', name: 'Contoso', ...urls });
  await resources.close();
};
