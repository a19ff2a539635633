/**
 * A33. The signature covers the address that the carrier called. A server that rebuilds it from `Host` and
 * `X-Forwarded-Proto` lets the sender choose the address. The attacker signs for their own host, with their own
 * account, and names that host. Behind a proxy such a server also refuses genuine callbacks.
 * Guard: `adapters/twilio/signed-form.ts#createFormReader` takes the configured public address and our path, and reads
 * no header but the signature.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
import { bodyOf, createRecorder, fieldsOf, post, secretOf, sign, withField } from '../support/carrier/wire.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { untilHeard } from '../support/world/clock.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
const recorder = createRecorder();
beforeAll(async () => {
  world = await startWorld({ wrap: recorder.wrap });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const pickedUp = async () => {
  const { ada } = world.people;
  const browser = world.browser();
  const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), ada);
  await ada.phone.ringing();
  await ada.phone.answer();
  await ada.phone.hear();
  world.clock.advance(untilHeard);
  const answered = recorder.callbacks.findLast(({ path }) => path.endsWith('/answered'));
  if (answered === undefined) throw new Error('the carrier never called back');
  const path = answered.path.replace(/\/answered$/, '/keys?heard=');
  return { browser, page, path, fields: withField(fieldsOf(answered), 'Digits', '#') };
};

const elsewhere = [
  { host: 'evil.example' },
  { host: '10.0.0.7:8080' },
  { 'x-forwarded-host': 'evil.example' },
  { 'x-forwarded-proto': 'https' },
  { 'x-forwarded-port': '8443', 'x-forwarded-proto': 'https', host: 'evil.example' },
  { forwarded: 'host=evil.example;proto=https' },
];

describe('A33 headers that name another address', () => {
  test.each(elsewhere)('A33 a genuine callback through a proxy with %j is accepted', async headers => {
    const { browser, page, path, fields } = await pickedUp();
    const signature = sign(world.issuer.origin + path, fields, secretOf(world));
    const answer = await post(world, { path, body: bodyOf(fields), signature, headers });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('evil.example');
    expect(atClient(browser, await checkAgain(browser, page)).searchParams.get('code')).not.toBeNull();
  });

  test.each(elsewhere)('A33 a signature for the address that %j names is refused', async headers => {
    const { browser, page, path, fields } = await pickedUp();
    const {
      host,
      'x-forwarded-host': forwarded,
      'x-forwarded-proto': proto = 'http',
    } = headers as Record<string, string>;
    for (const named of [host, forwarded, 'evil.example'].filter(each => each !== undefined)) {
      const signature = sign(`${proto}://${named}${path}`, fields, secretOf(world));
      expect((await post(world, { path, body: bodyOf(fields), signature, headers })).status).toBe(403);
    }
    expect(heading(await checkAgain(browser, page))).toBe(heading(page));
  });

  test('A33 the next callback address is the configured one', async () => {
    const { path, fields } = await pickedUp();
    const zero = withField(fields, 'Digits', '0');
    const signature = sign(world.issuer.origin + path, zero, secretOf(world));
    const { text } = await post(world, { path, body: bodyOf(zero), signature, headers: { host: 'evil.example' } });
    expect(/action="([^"]*)"/.exec(text)?.[1]).toMatch(new RegExp(`^${world.issuer.origin}/callbacks/.*heard=0$`));
  });
});
