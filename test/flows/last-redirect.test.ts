/**
 * Tests the redirect at the end of a sign-in, which carries the code: where its answer is lost, the browser asks for it again, of any node.
 * Guards: `src/oidc/http/resume-answers.ts`, and `interactions/resume.ts#guardResume`, which lets the same browser ask only.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { Jar } from '../support/browser/jar.ts';
import { formTo, heading, onward, type Answer } from '../support/browser/plain.ts';
import { atClient, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import { withFailures } from '../support/world/failing-store.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World, type WorldOptions } from '../support/world/world.ts';

let world: World;
afterEach(() => world.close());

/** Signs in up to the page that leads to the last redirect. Gives its address, and makes the browser forget what came after. */
const upToLastRedirect = async (options: WorldOptions) => {
  world = await startWorld(options);
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), world.people.noor);
  const form = { code: await world.people.noor.phone.code() };
  const going = await browser.go(formTo(page, /\/factor$/).action, { form });
  const { cookies } = browser.jar;
  const forget = (): void => {
    browser.jar = new Jar(world.clock, cookies);
  };
  return { browser, request, to: onward(going) ?? '', forget };
};

const locationOf = ({ headers }: Answer): string => String(headers['location']);

describe.each(stores)('on $name', store => {
  const options = { store, nodes: 2 } as const;

  test('a redirect that was lost comes again from the other node, with the same code and session', async () => {
    const { browser, request, to, forget } = await upToLastRedirect(options);
    const lost = await browser.go(to);
    forget();
    const again = await browser.go(to, { node: 1 });
    expect([again.status, locationOf(again)]).toEqual([lost.status, locationOf(lost)]);
    const tokens = await request.redeem(atClient(browser, again));
    expect(tokens.claims()?.sub).toBe(world.people.noor.user.id);
    // The session of the lost answer is in the browser: another client gets a code without a question.
    const fabrikam = await openRelyingParty(world, await world.addClient({ id: 'fabrikam' }));
    const next = await browser.visit((await fabrikam.begin()).url);
    expect(atClient(browser, next).searchParams.get('code')).toEqual(expect.any(String));
  });

  test('of many requests at once, on two nodes, all give the same code, which is redeemed once', async () => {
    const { browser, request, to } = await upToLastRedirect(options);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => browser.go(to, { node: at % 2 })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    const codes = new Set(answers.map(locationOf));
    expect(codes.size).toBe(1);
    const tokens = await request.redeem(new URL([...codes].join('')));
    expect(tokens.claims()?.sub).toBe(world.people.noor.user.id);
  });
});

test('a sign-in goes on where the store failed in the middle of the last redirect', async () => {
  const state = { isOut: false };
  const { browser, request, to, forget } = await upToLastRedirect({
    wrap: resources => ({ ...resources, ...withFailures(resources, call => state.isOut && call === 'put') }),
  });
  state.isOut = true;
  expect((await browser.go(to)).status).toBe(503);
  state.isOut = false;
  forget();
  const tokens = await request.redeem(atClient(browser, await browser.go(to)));
  expect(tokens.claims()?.sub).toBe(world.people.noor.user.id);
});

// One call for each write of the last step on Redis: whichever fails, the browser that keeps what the failure answered can ask again.
test.each(['insert oidc-documents', 'insert audit-events', 'insert account-sessions', 'put', 'setIfAbsent', 'remove'])(
  'where %s fails, the answer tells no code and no session, and the next attempt of the browser succeeds',
  async failing => {
    const state = { isOut: false };
    const { browser, request, to } = await upToLastRedirect({
      wrap: resources => ({ ...resources, ...withFailures(resources, call => state.isOut && call === failing) }),
    });
    const before = browser.jar.cookies.map(({ name, value }) => `${name}=${value}`);
    state.isOut = true;
    const failed = await browser.go(to);
    state.isOut = false;
    expect([failed.status, failed.headers['location']]).toEqual([503, undefined]);
    expect(failed.text).not.toContain('code=');
    expect(browser.jar.cookies.map(({ name, value }) => `${name}=${value}`)).toEqual(before);
    const tokens = await request.redeem(atClient(browser, await browser.go(to)));
    expect(tokens.claims()?.sub).toBe(world.people.noor.user.id);
  },
);

test('another browser does not get a redirect again, and after half a minute no browser does', async () => {
  const { browser, to, forget } = await upToLastRedirect({});
  const answer = await browser.go(to);
  forget();
  const thief = world.browser();
  thief.jar = new Jar(
    world.clock,
    browser.jar.cookies.filter(({ name }) => name.includes('resume')),
  );
  const stolen = await thief.go(to);
  expect([stolen.status, stolen.headers['location']]).toEqual([403, undefined]);
  world.clock.advance(29_999);
  expect(locationOf(await browser.go(to))).toBe(locationOf(answer));
  forget();
  world.clock.advance(1);
  const late = await browser.go(to);
  expect([late.status, heading(late)]).toEqual([400, 'Let’s start again']);
});
