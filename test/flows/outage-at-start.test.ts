/**
 * Tests an outage at the first request of a sign-in. The page says that it is our side, offers the same request again and the
 * way back to the client, and no word of a library. Those stay in the log.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
let browser: Browser;
let failure: Error | undefined;
beforeAll(async () => {
  world = await startWorld({
    wrap: resources => {
      const { ephemeral } = resources.shortLived;
      const failing = new Proxy(ephemeral, {
        get: (target, name, receiver) => {
          const member: unknown = Reflect.get(target, name, receiver);
          if (typeof member !== 'function') return member;
          return async (...args: unknown[]) => {
            if (failure !== undefined) throw failure;
            return Reflect.apply(member, target, args) as unknown;
          };
        },
      });
      return { ...resources, shortLived: { ...resources.shortLived, ephemeral: failing } };
    },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => {
  failure = undefined;
  browser = world.browser();
});

const links = ({ text }: Answer): readonly string[] =>
  [...text.matchAll(/<a class="button[^"]*" href="([^"]+)"/g)].map(([, to = '']) => to.replaceAll('&amp;', '&'));
const foreign = /server_error|oops|oidc-provider|redis|ECONNREFUSED|SQLITE/i;

describe.each([
  ['a store that is gone', () => new Problem('unavailable', 'Redis is gone'), 503, 'We can’t sign you in right now'],
  ['an exception of a library', () => new Error('oops, ECONNREFUSED'), 500, 'That didn’t work'],
])('the first request of a sign-in with %s', (_, makeFailure, status, says) => {
  test('says that it is our side, and offers the same request and the client', async () => {
    const { url } = await rp.begin();
    failure = makeFailure();
    const page = await browser.visit(url);

    expect([page.status, heading(page)]).toEqual([status, says]);
    expect(page.text).toContain('on our side');
    expect(page.text).not.toMatch(foreign);
    const { pathname, search } = new URL(url);
    expect(links(page)).toEqual([pathname + search, `${new URL(rp.redirectUri).origin}/`]);
    expect(world.logged.some(({ level }) => level === 'error')).toBe(true);

    failure = undefined;
    expect(heading(await browser.visit(links(page)[0] ?? ''))).toBe('Sign in to Contoso Office');
  });

  test('is JSON without words of a library for a program', async () => {
    const { url } = await rp.begin();
    failure = makeFailure();
    const answer = await browser.go(url, { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(foreign);
  });
});

test('the way back is that of the client asked for, not of the last sign-in here', async () => {
  await signIn(rp, browser, world.people.noor);
  failure = new Problem('unavailable', 'Redis is gone');
  const other = await browser.visit('/auth?client_id=nobody&response_type=code');
  expect(links(other)).not.toContain(`${new URL(rp.redirectUri).origin}/`);
});

test('a mistake of a developer is named on the page', async () => {
  const page = await browser.visit(
    '/auth?client_id=contoso&response_type=code&redirect_uri=https%3A%2F%2Fevil.test%2F',
  );
  expect(page.status).toBe(400);
  expect(page.text).toMatch(/redirect_uri/);
});
