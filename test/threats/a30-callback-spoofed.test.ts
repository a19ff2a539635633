/**
 * A30. An attacker who knows or guesses the address of a running call posts "the person pressed #" to it. The address
 * holds 128 random bits, but addresses leak into logs of proxies and into the carrier's console. So a callback is read
 * only after the carrier's signature over this address was checked.
 * Guard: `adapters/twilio/signed-form.ts#createFormReader`, which checks the signature before it reads a field.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  bodyOf,
  createRecorder,
  fieldsOf,
  post,
  secretOf,
  sign,
  withField,
  type Fields,
} from '../support/carrier/wire.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
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

interface Ringing {
  readonly browser: Browser;
  readonly page: Answer;
  readonly path: string;
  /** The fields that the carrier would send for `#` on this call. */
  readonly fields: Fields;
}

/** A call that was picked up. The attacker knows everything about it except the carrier's secret. */
const ringing = async (): Promise<Ringing> => {
  const { ada } = world.people;
  const browser = world.browser();
  const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), ada);
  await ada.phone.ringing();
  await ada.phone.answer();
  await ada.phone.hear();
  const answered = recorder.callbacks.findLast(({ path }) => path.endsWith('/answered'));
  if (answered === undefined) throw new Error('the carrier never called back');
  const path = answered.path.replace(/\/answered$/, '/keys?heard=');
  return { browser, page, path, fields: withField(fieldsOf(answered), 'Digits', '#') };
};

/** Each refusal is a log line; the audit counts them. */
const refusedSoFar = () => world.logged.filter(({ event }) => event === 'callback.refused').length;

describe('A30 a callback that the carrier did not sign', () => {
  test('A30 # on the real call is accepted', async () => {
    const { browser, page } = await ringing();
    world.clock.advance(1_000);
    await world.people.ada.phone.press('#');
    expect(atClient(browser, await checkAgain(browser, page)).searchParams.get('code')).not.toBeNull();
  });

  const forgeries: readonly (readonly [string, (call: Ringing) => Partial<Parameters<typeof post>[1]>])[] = [
    ['without a signature', () => ({})],
    ['with an empty signature', () => ({ signature: '' })],
    ['with a guessed signature', () => ({ signature: Buffer.alloc(20, 1).toString('base64') })],
    [
      'signed with another secret',
      ({ path, fields }) => ({ signature: sign(world.issuer.origin + path, fields, 'another') }),
    ],
    [
      'signed for the pick-up',
      ({ path, fields }) => ({
        signature: sign(world.issuer.origin + path.replace('/keys?heard=', '/answered'), fields, secretOf(world)),
      }),
    ],
    [
      'signed for another call',
      ({ path, fields }) => ({
        signature: sign(world.issuer.origin + path.replace(/call\/..../, 'call/0000'), fields, secretOf(world)),
      }),
    ],
    [
      'of another account of the same carrier',
      ({ path, fields }) => {
        const theirs = withField(fields, 'AccountSid', `AC${'9'.repeat(32)}`);
        return { body: bodyOf(theirs), signature: sign(world.issuer.origin + path, theirs, 'their own secret') };
      },
    ],
  ];
  test.each(forgeries)('A30 a callback %s is refused unread and changes no state', async (_name, forge) => {
    const call = await ringing();
    const before = refusedSoFar();
    const { path, fields, browser, page } = call;
    const answer = await post(world, { path, body: bodyOf(fields), ...forge(call) });
    expect(answer).toEqual({ status: 403, text: '' });
    expect(heading(await checkAgain(browser, page))).toBe(heading(page));
    expect(await world.audited('challenge.passed').then(all => all.filter(each => each.at === world.clock()))).toEqual(
      [],
    );
    expect(refusedSoFar()).toBe(before + 1);
  });

  test('A30 a signed callback by GET is refused', async () => {
    const { path, fields, browser, page } = await ringing();
    const signature = sign(world.issuer.origin + path, fields, secretOf(world));
    const { status } = await post(world, { path, body: bodyOf(fields), method: 'GET', signature });
    expect(status).toBe(405);
    expect(heading(await checkAgain(browser, page))).toBe(heading(page));
  });

  test('A30 a signed # for an unknown token does not approve', async () => {
    const { path, fields, browser, page } = await ringing();
    const unknown = path.replace(/call\/[^/]*/, `call/${'0'.repeat(22)}`);
    const signature = sign(world.issuer.origin + unknown, fields, secretOf(world));
    const answer = await post(world, { path: unknown, body: bodyOf(fields), signature });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('<Hangup/>');
    expect(heading(await checkAgain(browser, page))).toBe(heading(page));
  });

  test('A30 a signed # of another call at this address does not approve', async () => {
    const { path, fields, browser, page } = await ringing();
    const other = withField(fields, 'CallSid', `CA${'f'.repeat(32)}`);
    const signature = sign(world.issuer.origin + path, other, secretOf(world));
    expect((await post(world, { path, body: bodyOf(other), signature })).status).toBe(403);
    expect(heading(await checkAgain(browser, page))).toBe(heading(page));
    await pickUpAgain();
  });
});

/** The call continues as before. */
const pickUpAgain = async (): Promise<void> => {
  world.clock.advance(1_000);
  await world.people.ada.phone.press('#');
  await world.people.ada.phone.hear();
  expect(
    await world.audited('challenge.passed').then(all => all.filter(each => each.at === world.clock())),
  ).toHaveLength(1);
};
