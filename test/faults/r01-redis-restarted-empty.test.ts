/**
 * R01. Redis restarts empty in the middle of sign-ins. A sign-in under way must start again with a page that says so,
 * at most one step more. It must never succeed with less than both factors. Used secrets must stay used: an attacker
 * who can empty Redis would otherwise get a second attempt at everything.
 *
 * Guards: durable records of the last step of an app (`src/mfa/authenticator-data.ts#burn`), of failed attempts and pauses
 * (`src/mfa/limits/failed-attempts.ts#admit`, `src/mfa/limits/pause.ts#pauseInterruptions`), of daily limits
 * (`src/mfa/limits/send-limits.ts#countDaily`) and of refresh tokens (`src/oidc/models.ts#models`). A challenge without
 * its state is lost (`src/mfa/challenge-state/phase.ts#currentPhase`). `interactions/expired.ts#answerExpired` explains it.
 * Takes more than a second: Redis is killed and started again at each of twelve points, under two nodes.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { request as ask } from 'node:http';
import { setTimeout as pass } from 'node:timers/promises';
import { fetchUserInfo, refreshTokenGrant } from 'openid-client';
import { dailySendsKind, failedAttemptsKind, userKind } from '../../src/records.ts';
import { createInspectableStore, type InspectableStore } from '../support/world/inspectable-store.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { codeAt, wrongCodeAt } from '../support/codes.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
  type Request,
  type Tokens,
} from '../support/world/relying-party.ts';
import {
  createTestCarrier,
  postAnswered,
  postKeys,
  postStatus,
  type TestCarrier,
} from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

const oneMinute = 60_000;

const readiness = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = ask({ host: '127.0.0.1', port, path: '/readyz', agent: false }, answer => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end();
  });

/**
 * Waits until both nodes are ready: asks every few milliseconds, for half a minute at most. Readiness is remembered for a
 * second, so the clock moves while the nodes are asked, and is set back afterwards.
 */
const untilReady = async ({ place, clock }: World): Promise<void> => {
  const now = clock();
  for (let turn = 0; turn < 1500; turn += 1) {
    const codes = await Promise.all(place.ports.map(readiness));
    if (codes.every(code => code === 200)) {
      clock.set(now);
      return;
    }
    clock.advance(1_000);
    await pass(20);
  }
  throw new Error('the nodes did not become ready');
};

/** Durable counters that no loss may lower. */
const lasting = async ({ store: { durable } }: World) => {
  const [counts, days, people] = await Promise.all([
    durable.collection(failedAttemptsKind).find({}),
    durable.collection(dailySendsKind).find({}),
    durable.collection(userKind).find({}),
  ]);
  return {
    failedAttempts: Object.fromEntries(counts.map(({ id, count }) => [id, count])),
    days: Object.fromEntries(days.map(({ id, spent }) => [id, spent])),
    pauses: Object.fromEntries(people.map(({ id, pausedUntil = 0 }) => [id, pausedUntil])),
  };
};

const outcome = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: { readonly error?: string; readonly status?: number }) => error.error ?? `refused ${error.status ?? ''}`,
  );

/** An answer as a person sees it: status, heading, and the link back to the client. */
const brief = (answer: Answer): unknown => {
  if (answer.status < 400) return answer.status;
  return {
    status: answer.status,
    heading: heading(answer),
    wayBack: answer.text.includes('href="https://contoso.test/'),
  };
};

/** One sign-in by call and the requests of the application afterwards: twelve steps. Redis may be lost before each. */
interface SignInRun {
  readonly browser: Browser;
  readonly request: Request;
  to: string;
  page?: Answer;
  back?: URL;
  tokens?: Tokens;
}
const startAgain = { status: 400, heading: 'Let’s start again', wayBack: true };
interface Step {
  readonly name: string;
  readonly run: (signInRun: SignInRun) => Promise<unknown>;
  /** The answer of the step after Redis was emptied. */
  readonly emptied: unknown;
  /** Calls that the step itself makes. */
  readonly calls?: number;
}

describe('R01 on SQLite and Redis', () => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  let store: InspectableStore;
  const open = async (): Promise<void> => {
    carrier = createTestCarrier();
    store = await createInspectableStore('redis');
    world = await startWorld({ store, nodes: 2, wrap: carrier.wrap });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  };
  const lose = async (meanwhile?: () => Promise<void>): Promise<void> => {
    const before = await lasting(world);
    await store.emptyRedis();
    await store.restartRedis(meanwhile);
    await untilReady(world);
    expect(await lasting(world)).toEqual(before);
  };
  const steps: readonly Step[] = [
    {
      name: 'the request for a sign-in',
      async run(signInRun) {
        const answer = await signInRun.browser.go(signInRun.to);
        signInRun.to = signInRun.browser.next(answer)?.pathname ?? '';
        return brief(answer);
      },
      emptied: 303,
    },
    {
      name: 'the password page',
      async run(signInRun) {
        signInRun.page = await signInRun.browser.go(signInRun.to, { node: 1 });
        return brief(signInRun.page);
      },
      // The request is in the browser: nothing is lost.
      emptied: 200,
    },
    {
      name: 'the password',
      async run({ browser, to }) {
        const { name, password } = world.people.ada;
        return brief(await browser.go(`${to}/password`, { form: { name, password } }));
      },
      emptied: 303,
      calls: 1,
    },
    {
      name: 'the page of the call',
      async run(signInRun) {
        signInRun.page = await signInRun.browser.go(signInRun.to, { node: 1 });
        return brief(signInRun.page);
      },
      // The password page again.
      emptied: 200,
    },
    { name: 'picking up', run: async () => (await postAnswered(world, carrier.last())).status, emptied: 403 },
    { name: '#', run: async () => (await postKeys(world, carrier.last(), '#', 1)).status, emptied: 403 },
    {
      name: 'the claim',
      async run(signInRun) {
        const answer = await signInRun.browser.go(`${signInRun.to}/factor`, { form: {} });
        signInRun.to = signInRun.browser.next(answer)?.pathname ?? '';
        return brief(answer);
      },
      // Back to the password page.
      emptied: 303,
    },
    {
      name: 'going on to the client',
      async run(signInRun) {
        const answer = await signInRun.browser.go(signInRun.to, { node: 1 });
        const to = signInRun.browser.next(answer);
        if (to !== undefined) signInRun.back = to;
        return brief(answer);
      },
      emptied: startAgain,
    },
    {
      name: 'the code',
      async run(signInRun) {
        const redeemed = signInRun.request.redeem(signInRun.back ?? world.issuer);
        const result = await outcome(redeemed);
        if (result === 'accepted') signInRun.tokens = await redeemed;
        return result;
      },
      emptied: 'invalid_grant',
    },
    {
      name: 'the access token',
      run: async ({ tokens }) =>
        outcome(fetchUserInfo(rp.config, tokens?.access_token ?? '', world.people.ada.user.id)),
      emptied: 'refused 401',
    },
    {
      name: 'a silent sign-in',
      async run({ browser }) {
        const { url } = await rp.begin({ prompt: 'none' });
        return atClient(browser, await browser.visit(url, { node: 1 })).searchParams.get('error') ?? 'accepted';
      },
      emptied: 'login_required',
    },
    {
      name: 'a refresh',
      run: async ({ tokens }) => outcome(refreshTokenGrant(rp.config, tokens?.refresh_token ?? '')),
      // It belongs to a session, which is lost: signing in again is the one additional step.
      emptied: 'invalid_grant',
    },
  ];
  const fine = new Set<unknown>([200, 303, 'accepted']);
  const begin = async (): Promise<SignInRun> => {
    const request = await rp.begin();
    return { browser: world.browser(), request, to: request.url };
  };
  const isAllFine = async (signInRun: SignInRun, until = steps.length): Promise<void> => {
    for (const { name, run } of steps.slice(0, until)) {
      const answer = await run(signInRun);
      expect({ name, answer, isFine: fine.has(answer) }).toEqual({ name, answer, isFine: true });
    }
  };

  const enter = async (person: World['people']['ada'], wish: Readonly<Record<string, string>> = {}) => {
    const browser = world.browser();
    const request = await rp.begin(wish);
    return { browser, request, page: await enterPassword(browser, await browser.visit(request.url), person) };
  };

  describe('before each step', () => {
    beforeAll(open);
    afterAll(() => world.close());
    // A day later, so that calls lost with Redis do not block the next one.
    afterEach(() => world.clock.advance(25 * 60 * oneMinute));

    test('R01 every step succeeds if no data is lost', async () => {
      expect(steps).toHaveLength(12);
      await isAllFine(await begin());
    });

    test.each(steps.map(({ name, emptied, calls = 0 }, at) => ({ name, emptied, calls, at })))(
      'R01 data lost before $name gives a clear answer, no weaker sign-in, and the same browser can sign in again',
      async ({ at, emptied, calls }) => {
        const signInRun = await begin();
        await isAllFine(signInRun, at);
        const sent = carrier.sent.length;
        const finished = (await world.audited('sign-in.finished')).length;

        await lose();

        const { run = async () => undefined } = steps[at] ?? {};
        expect(await run(signInRun)).toEqual(emptied);
        expect(carrier.sent).toHaveLength(sent + calls);
        expect(await world.audited('sign-in.finished')).toHaveLength(finished);

        // The one additional step: the start of a sign-in.
        await isAllFine({ ...(await begin()), browser: signInRun.browser });
        expect(world.logged.filter(({ event }) => event === 'server_error')).toEqual([]);
      },
    );
  });

  describe('used secrets', () => {
    beforeEach(open);
    afterEach(() => world.close());

    test('R01 used secrets stay used and durable counters do not go down', async () => {
      const { ada, noor, grace } = world.people;
      const code = codeAt(noor, world.clock());
      // Offline access outlives the session: these tokens do not end with the contents of Redis.
      const owner = await enter(noor, { scope: 'openid offline_access', prompt: 'consent' });
      const asked = await enterCode(owner.browser, owner.page, code);
      const consented = await owner.browser.visit(formTo(asked, /\/consent$/).action, { form: { answer: 'allow' } });
      const back = atClient(owner.browser, consented);
      const tokens = await owner.request.redeem(back);
      const used = tokens.refresh_token ?? '';
      let rotated = await refreshTokenGrant(rp.config, used);
      const called = await begin();
      await isAllFine(called);
      const answered = carrier.last();
      // Two wrong codes, a denied call, and unanswered calls up to the limit of an hour.
      const guesser = await enter(noor);
      for (let wrong = 0; wrong < 2; wrong += 1) {
        expect((await enterCode(guesser.browser, guesser.page, wrongCodeAt(noor, world.clock()))).status).toBe(422);
      }
      await enter(grace);
      await postKeys(world, carrier.last(), '0#');
      const ring = async (): Promise<void> => {
        const already = carrier.sent.length;
        await enter(ada);
        if (carrier.sent.length > already) await postStatus(world, carrier.last(), 'no-answer');
      };
      const { sendsPerNumberAndHour, sendsPerNumberAndDay } = world.settings.limits;
      // One unit is kept for browsers in which the owner has signed in.
      const [perHour, perDay] = [sendsPerNumberAndHour - 1, sendsPerNumberAndDay - 1];
      const before = carrier.sent.length;
      for (let call = 0; call < perHour + 1; call += 1) await ring();
      expect(carrier.sent.length - before).toBe(perHour);
      const passed = (await world.audited('challenge.passed')).length;

      await lose(async () => {
        // Without Redis no message is sent and no sign-in succeeds: it fails closed, with a page.
        const browser = world.browser();
        const answer = await browser.go((await rp.begin()).url);
        expect([answer.status, answer.headers['retry-after'] !== undefined]).toEqual([503, true]);
        expect(heading(answer)).not.toBe('');
      });

      rotated = await refreshTokenGrant(rp.config, rotated.refresh_token ?? '');
      const thief = await enter(noor);
      expect((await enterCode(thief.browser, thief.page, code)).status).toBe(422);
      expect(await world.audited('factor.reused')).toHaveLength(1);
      expect(await outcome(owner.request.redeem(back))).toBe('invalid_grant');
      expect(await outcome(refreshTokenGrant(rp.config, used))).toBe('invalid_grant');
      expect(await outcome(refreshTokenGrant(rp.config, rotated.refresh_token ?? ''))).toBe('invalid_grant');
      expect((await postKeys(world, answered, '#')).status).toBe(403);
      expect((await postKeys(world, answered, '#', 1)).status).toBe(403);

      // The third failed attempt in a row starts the wait: the two before it were not forgotten.
      const waiting = await enter(noor);
      expect((await enterCode(waiting.browser, waiting.page, codeAt(noor, world.clock()))).status).toBe(429);
      const sent = carrier.sent.length;
      await enter(grace);
      expect(carrier.sent).toHaveLength(sent);
      for (let call = 0; call < perHour + 1; call += 1) await ring();
      await lose();
      for (let call = 0; call < perHour + 1; call += 1) await ring();
      expect(carrier.sent.length - before).toBe(perDay);
      expect(await world.audited('challenge.passed')).toHaveLength(passed);

      world.clock.advance(oneMinute);
      expect((await signIn(rp, world.browser(), noor)).claims()).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
    });
  });
});
