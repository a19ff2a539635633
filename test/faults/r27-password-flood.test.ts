/**
 * R27. Very many sign-ins arrive at once. Hashing a password takes tens of milliseconds and megabytes by design. A
 * sender could use much of the machine with little effort. At most two passwords are hashed at once, in a process of
 * lower priority, and a bounded number waits. The next one is told at once to come back, without counting an attempt.
 * Requests that need no password are answered as before.
 *
 * Guards: `src/users/passwords/password-hasher.ts#maxInFlight` and the bounded queue in
 * `src/users/passwords/password-hasher.ts#createPasswordHasher`, `src/http/problems.ts#retryAfter`,
 * `src/users/limits/password-limits.ts#refund`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fetchUserInfo, refreshTokenGrant } from 'openid-client';
import type { Resources } from '../../server/services.ts';
import { createPasswordHasher } from '../../src/users/passwords/password-hasher.ts';
import { type Answer, type Browser, heading } from '../support/browser/plain.ts';
import { openRelyingParty, signIn, type RelyingParty, type Tokens } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const queue = 20;
const atOnce = 2;
const flood = 200;
const hasher = createPasswordHasher({ memoryKiB: 64, passes: 1, lanes: 1, queue });
/** Password checks without an answer yet, and a listener that runs when another one begins. */
let pending = 0;
let onAsked = (): void => {};
const watched = (resources: Resources): Resources => ({
  ...resources,
  passwords: {
    hash: password => hasher.hash(password),
    async verify(password, phc) {
      const asked = hasher.verify(password, phc);
      pending += 1;
      onAsked();
      try {
        return await asked;
      } finally {
        pending -= 1;
      }
    },
    close: () => hasher.close(),
  },
});

let world: World;
let rp: RelyingParty;
let tokens: Tokens;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_PROXY_HOPS: '1' }, wrap: watched });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  tokens = await signIn(rp, world.browser(), world.people.linus);
});
afterAll(async () => {
  await world.close();
  await hasher.close();
});

/** Process id of the hashing process. */
const child = async (): Promise<number> => {
  await hasher.hash('started');
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', `${process.pid}`], { encoding: 'utf8' });
  const hashing = listed.split('\n').filter(line => line.includes('password-child'));
  expect(hashing).toHaveLength(1);
  return Number(hashing[0]?.trim().split(/\s+/, 1)[0]);
};

/** A sign-in at its password page. */
const begun = async (): Promise<readonly [Browser, string]> => {
  const browser = world.browser();
  const { path } = await browser.visit((await rp.begin()).url);
  return [browser, path];
};

/** Each attempt has another name and comes from another network. */
const typePassword = (browser: Browser, path: string, at: number): Promise<Answer> =>
  browser.go(`${path}/password`, {
    form: { name: `someone${at}`, password: 'wrong' },
    headers: { 'x-forwarded-for': `10.${at}.1.1` },
  });

/** Posts all passwords while the hashing process is stopped. Collects those that were refused at once. */
const floodWhileStopped = async (meanwhile: () => Promise<void>) => {
  const pid = await child();
  const signIns = [];
  for (let at = 0; at < flood; at += 1) signIns.push(await begun());
  process.kill(pid, 'SIGSTOP');
  try {
    const refused: Answer[] = [];
    const arrived = Promise.withResolvers<void>();
    // In the next turn of the event loop, when immediate refusals no longer count as waiting.
    onAsked = () => void setImmediate(() => refused.length + pending >= flood && arrived.resolve());
    const all = signIns.map(async ([browser, path], at) => {
      const answer = await typePassword(browser, path, at);
      if (answer.status === 503) refused.push(answer);
      onAsked();
      return answer;
    });
    await arrived.promise;
    const waiting = pending;
    await meanwhile();
    process.kill(pid, 'SIGCONT');
    return { refused, waiting, answers: await Promise.all(all), signIns };
  } finally {
    onAsked = () => {};
    process.kill(pid, 'SIGCONT');
  }
};

describe('R27 200 sign-ins at once', () => {
  test('R27 sign-ins one after another are all answered', async () => {
    const [browser, path] = await begun();
    for (let at = 0; at < 30; at += 1) expect((await typePassword(browser, path, flood + at)).status).toBe(422);
  });

  test('R27 a full queue answers 503 with Retry-After while other routes answer', async () => {
    const { refused, waiting, answers, signIns } = await floodWhileStopped(async () => {
      const get = (path: string) => world.browser().go(path);
      expect((await get('/.well-known/openid-configuration')).status).toBe(200);
      expect((await get('/jwks')).status).toBe(200);
      expect((await get('/healthz')).status).toBe(200);
      tokens = await refreshTokenGrant(rp.config, tokens.refresh_token ?? '');
      const { sub } = await fetchUserInfo(rp.config, tokens.access_token, world.people.linus.user.id);
      expect(sub).toBe(world.people.linus.user.id);
      // a new sign-in can still begin
      expect((await begun())[1]).toMatch(/^\/interaction\//);
    });

    expect(refused.map(({ status }) => status)).toEqual(Array(flood - queue - atOnce).fill(503));
    expect(refused.every(({ headers }) => Number(headers['retry-after']) > 0)).toBe(true);
    expect(new Set(refused.map(heading)).size).toBe(1);
    expect(waiting).toBe(queue + atOnce);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter(status => status === 422)).toHaveLength(queue + atOnce);
    expect(statuses.filter(status => status === 503)).toHaveLength(flood - queue - atOnce);

    // a refused person tries again, and was not counted: all twenty attempts of the name are left
    const at = statuses.indexOf(503);
    const [browser, path] = signIns[at] ?? (await begun());
    const attempts = [];
    for (let each = 0; each < 21; each += 1) {
      attempts.push((await typePassword(browser, path, at)).status);
    }
    expect(attempts).toEqual([...Array<number>(20).fill(422), 429]);
  });

  test('R27 the hashing process has one thread for each concurrent hash', async () => {
    const environment = readFileSync(`/proc/${await child()}/environ`, 'utf8').split('\0');
    expect(environment.filter(each => each !== '')).toEqual(expect.arrayContaining([`UV_THREADPOOL_SIZE=${atOnce}`]));
  });
});
