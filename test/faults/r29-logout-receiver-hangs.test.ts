/**
 * R29. Clients hang when they are told of a sign-out: they accept the connection and never answer, answer byte by byte, or never
 * finish. The person who signs out does not wait for any of them. Sixteen are told at the same time, each attempt ends after 2.5 s,
 * and clients that answer are told meanwhile; those that hang are told again later.
 * Guards: `src/outbox/deliveries.ts#Deliveries`, `src/http/outbound.ts#createOutbound`,
 * `src/oidc/sign-out/back-channel-logout.ts#BackChannelLogout`.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { logoutKind } from '../../src/oidc/sign-out/back-channel-logout.ts';
import { outboxKind } from '../../src/records.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { until } from '../support/world/until.ts';
import { startWorld, type World } from '../support/world/world.ts';

/** More clients than are told at the same time. */
const hangingClients = 20;
const atOnce = 16;
const attempt = 2_500;

let world: World;
let receiver: Server;
const open = new Set<Socket>();
let mostOpen = 0;
/** Paths at which a logout token arrived. */
const arrived: string[] = [];
let hang: RequestListener;
let healthy: RelyingParty;
let hanging: readonly RelyingParty[];

/** Each way in which a client can hang, after it has read the request. */
const ways: readonly (readonly [way: string, hang: RequestListener])[] = [
  ['never answers', () => {}],
  ['sends its status and no end', (_request, response) => void response.writeHead(200).write('{')],
  [
    'answers byte by byte',
    (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    },
  ],
];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      arrived.push(request.url ?? '');
      if (request.url === '/healthy') response.writeHead(200).end();
      else hang(request, response);
    });
  });
  receiver.on('connection', socket => {
    open.add(socket);
    mostOpen = Math.max(mostOpen, open.size);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  world = await startWorld({ env: { SALLYPORT_OUTBOUND_ORIGINS: origin } });
  const told = async (id: string): Promise<RelyingParty> =>
    openRelyingParty(
      world,
      await world.addClient({
        id,
        backchannel_logout_uri: `${origin}/${id}`,
        backchannel_logout_session_required: true,
      }),
    );
  healthy = await told('healthy');
  hanging = await Promise.all(Array.from({ length: hangingClients }, (_, n) => told(`hangs-${n}`)));
});
afterAll(async () => {
  // Attempts under way would keep the application from closing until their time is over.
  receiver.closeAllConnections();
  await world.close();
  receiver.close();
});
beforeEach(async () => {
  receiver.closeAllConnections();
  await world.nextDay();
  mostOpen = 0;
});

const signOut = async (browser: Browser): Promise<Answer> => {
  const { action, hidden } = formTo(await browser.visit('/session/end'), /\/confirm$/);
  return browser.visit(action, { form: { ...hidden, logout: 'yes' } });
};
/** Uses the session of the browser for one more client. */
const join = async (rp: RelyingParty, browser: Browser): Promise<void> => {
  const { headers } = await browser.go((await rp.begin({ prompt: 'none' })).url);
  expect(headers['location']).toContain('code=');
};
const waiting = async (): Promise<readonly string[]> => {
  const messages = await world.store.durable.collection(outboxKind).find({}, { limit: 1000 });
  return messages.filter(({ kind }) => kind === logoutKind).map(({ recipient }) => recipient);
};
const isHanging = (path: string): boolean => path.startsWith('/hangs-');
/** Starts what is due, and does not wait for its end, which may never come. */
const start = (after = 0): void => world.clock.advance(after);

describe.each(ways)('R29 a client that %s', (_way, hangs) => {
  test('R29 keeps neither the person nor other clients waiting, and is told again', async () => {
    hang = hangs;
    const { linus, noor } = world.people;
    const [browser, other] = [world.browser(), world.browser()];
    await signIn(healthy, browser, linus);
    for (const rp of hanging) await join(rp, browser);
    await signIn(healthy, other, noor);
    arrived.length = 0;

    // The clock stands still, so that no attempt can end: the answer does not depend on one.
    expect(heading(await signOut(browser))).toBe('You’re signed out');
    start();
    await until(async () => arrived.filter(isHanging).length === atOnce);

    // While all places are taken, people sign in and out as ever.
    await signIn(healthy, world.browser(), linus);
    expect(heading(await signOut(other))).toBe('You’re signed out');
    expect((await browser.visit('/auth?client_id=healthy')).status).toBe(400);

    // After one attempt's time the others have their turn, and both people's sign-outs reach the healthy client.
    start(attempt);
    await until(async () => arrived.filter(path => path === '/healthy').length === 2);
    await until(async () => new Set(arrived.filter(isHanging)).size === hangingClients);
    // A connection whose answer was read may close a moment later.
    expect(mostOpen).toBeLessThanOrEqual(atOnce + 2);
    expect(await waiting()).not.toContain('client:healthy');
    start(attempt);
    await until(async () => open.size === 0);
    expect(new Set(await waiting()).size).toBe(hangingClients);

    // They answer now: each is told, once more, after its wait.
    hang = (_request, response) => void response.writeHead(200).end();
    for (let waited = 0; waited < 60 && (await waiting()).length > 0; waited += 1) {
      start(5_000);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    expect(await waiting()).toEqual([]);
    expect(arrived.filter(path => path === '/hangs-0').length).toBeGreaterThan(1);
  });
});
