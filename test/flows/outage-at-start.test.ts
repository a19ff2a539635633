/**
 * Tests an outage at the first request of a sign-in. The page says that it is our side, offers the same request again and the
 * way back to the client, and no word of a library. Those stay in the log.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { createFaultSwitches } from '../support/surface/fault-switches.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
let browser: Browser;
const faults = createFaultSwitches();
beforeAll(async () => {
  world = await startWorld({ wrap: faults.wrap });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => {
  faults.shortLived = undefined;
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
    faults.shortLived = makeFailure();
    const page = await browser.visit(url);

    expect([page.status, heading(page)]).toEqual([status, says]);
    expect(page.text).toContain('on our side');
    expect(page.text).toContain('tell your help desk the reference below');
    const failed = world.logged.findLast(({ event }) => event === 'request.failed');
    const [, reference = ''] = /<code>([0-9A-Z]{4}-[0-9A-Z]{4})<\/code>/.exec(page.text) ?? [];
    expect(failed?.fields).toMatchObject({ reference: reference.replace('-', '') });
    expect(page.text).not.toMatch(foreign);
    const { pathname, search } = new URL(url);
    expect(links(page)).toEqual([pathname + search, `${new URL(rp.redirectUri).origin}/`]);
    expect(world.logged.some(({ level }) => level === 'error')).toBe(true);

    faults.shortLived = undefined;
    expect(heading(await browser.visit(links(page)[0] ?? ''))).toBe('Sign in to Contoso Office');
  });

  test('is JSON without words of a library for a program', async () => {
    const { url } = await rp.begin();
    faults.shortLived = makeFailure();
    const answer = await browser.go(url, { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(foreign);
  });
});

test('the way back is that of the client asked for, not of the last sign-in here', async () => {
  await signIn(rp, browser, world.people.noor);
  faults.shortLived = new Problem('unavailable', 'Redis is gone');
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
