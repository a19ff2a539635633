/**
 * Tests status callbacks of texts. A status that Twilio signed for this text appears on the page. A forged status, or
 * one signed for another text, changes no state (A30 to A33, for texts). Takes over a second because of the whole
 * sign-ins.
 */
import { withChannels } from '../support/carrier/wrap.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Channel, TextMessage } from '../../src/ports/carriers.ts';
import type { Resources } from '../../server/services.ts';
import { bodyOf, post, secretOf, sign, withField, type Fields, type Post } from '../support/carrier/wire.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';
import { textSid } from './support/api.ts';

interface Sent {
  readonly token: string;
  readonly reference: string;
}
const sent: Sent[] = [];
const isTexts = (channel: Channel): channel is Channel<TextMessage> => channel.via === 'sms';
/** Records the token and the reference of each text; sends it unchanged. */
const wrap = (parts: Resources): Resources =>
  withChannels(parts, channel => {
    if (!isTexts(channel)) return channel;
    const recorded: Channel<TextMessage> = {
      ...channel,
      async send(message, signal) {
        const { reference } = await channel.send(message, signal);
        sent.push({ token: message.token ?? '', reference });
        return { reference };
      },
    };
    return recorded;
  });

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({ wrap, env: { SALLYPORT_FACTORS: 'totp,sms,call' } });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

/** Starts a sign-in by text. The simulator sends no status callback: the test posts them. */
const texted = async () => {
  const { ada } = world.people;
  await ada.phone.behave({ callbacks: 'missing' });
  const held = await world.services.authenticators.of((await world.services.users.get(ada.user.id)) ?? ada.user);
  const phone = held.find(({ type }) => type === 'phone');
  await world.services.authenticators.prefer(ada.user.id, phone?.id ?? '', 'sms');
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), ada);
  const code = /\d{6}/.exec((await ada.phone.text()).text)?.[0] ?? '';
  const last = sent.at(-1);
  if (last === undefined) throw new Error('no text was sent');
  const fields: Fields = [
    ['AccountSid', world.settings.twilio?.accountSid ?? ''],
    ['MessageSid', last.reference],
    ['MessageStatus', 'delivered'],
    ['To', ada.number ?? ''],
  ];
  const boundTo = `sign-in:${page.path.split('/')[2] ?? ''}`;
  const progress = async () => (await world.services.challenges.current(boundTo))?.progress;
  const path = `/callbacks/twilio/text/${last.token}/status`;
  return { browser, request, page, code, fields, path, progress };
};
type Texted = Awaited<ReturnType<typeof texted>>;

const signed = (path: string, fields: Fields, secret = secretOf(world)): Post => ({
  path,
  body: bodyOf(fields),
  signature: sign(world.issuer.origin + path, fields, secret),
});
/** Each refusal is a log line; the audit counts them. */
const refusedSoFar = () => world.logged.filter(({ event }) => event === 'callback.refused').length;

describe('a status that Twilio signed', () => {
  test.each([
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'undelivered'],
  ])('the status "%s" becomes %s, also when it comes twice and late, and approves no sign-in', async (status, step) => {
    const { browser, request, page, code, path, fields, progress } = await texted();
    const one = signed(path, withField(fields, 'MessageStatus', status));
    for (let turn = 0; turn < 2; turn += 1) expect((await post(world, one)).status).toBe(204);
    await expect(progress()).resolves.toBe(step);
    expect(browser.next(await browser.visit(page.path))).toBeUndefined();
    await request.redeem(atClient(browser, await enterCode(browser, page, code)));
    expect((await post(world, one)).status).toBeLessThan(500);
  });
});

describe('the error code of a text that did not arrive', () => {
  test.each([
    ['30003', 'unreachable', 'The phone is off or out of reach'],
    ['30004', 'filtered', 'The phone network blocked the text'],
    ['30005', 'unknown-phone', 'The phone network does not know this phone'],
    ['30006', 'no-texts', 'This number can’t receive texts'],
    ['30007', 'filtered', 'The phone network blocked the text'],
    ['30034', 'unregistered', 'Your phone is not the problem'],
  ])('%s is told as %s, with a call offered before another text', async (code, because, sentence) => {
    const { browser, page, path, fields } = await texted();
    const all = [...withField(fields, 'MessageStatus', 'undelivered'), ['ErrorCode', code] as [string, string]];
    expect((await post(world, signed(path, all))).status).toBe(204);
    const { text } = await browser.visit(page.path);
    expect(text).toContain(sentence);
    const order = [sentence, 'Call me instead', 'Text it again', 'name="code"'].map(part => text.indexOf(part));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const now = (await world.audited('challenge.undelivered')).at(-1);
    expect(now).toMatchObject({ facts: { via: 'sms', reason: because } });
    const logged = world.logged.filter(({ event }) => event === 'text.sender-unregistered');
    expect(logged).toHaveLength(code === '30034' ? 1 : 0);
  });

  test.each([['30008'], ['30999'], [undefined]])('%s gives no cause', async code => {
    const { browser, page, path, fields } = await texted();
    const all = withField(fields, 'MessageStatus', 'undelivered');
    const told: Fields = code === undefined ? all : [...all, ['ErrorCode', code]];
    expect((await post(world, signed(path, told))).status).toBe(204);
    const { text } = await browser.visit(page.path);
    expect(text).toContain('Text it again');
    expect(text).not.toMatch(/either|landline|blocked|not the problem/);
  });
});

const forgeries: readonly (readonly [string, (text: Texted) => Post])[] = [
  ['unsigned', ({ path, fields }) => ({ path, body: bodyOf(fields) })],
  ['signed by somebody else', ({ path, fields }) => signed(path, fields, 'f'.repeat(32))],
  [
    'signed for another text',
    ({ path, fields }) => ({ ...signed(path.replace(/text\/..../, 'text/0000'), fields), path }),
  ],
  [
    'with a field more than was signed',
    ({ path, fields }) => ({ ...signed(path, fields), body: `${bodyOf(fields)}&a=b` }),
  ],
  ['of another account', ({ path, fields }) => signed(path, withField(fields, 'AccountSid', `AC${'b'.repeat(32)}`))],
  ['about another text', ({ path, fields }) => signed(path, withField(fields, 'MessageSid', textSid))],
  ['at an unknown token', ({ path, fields }) => signed(path.replace(/text\/..../, 'text/0000'), fields)],
  [
    'with fields of a call',
    ({ path, fields }) => signed(path, [...withField(fields, 'MessageSid', ''), ['Digits', '#']]),
  ],
];

describe('a status without a valid signature for this text', () => {
  test.each(forgeries)('a text status %s is refused and audited, and changes no state', async (_name, forge) => {
    const text = await texted();
    const [before, refused] = [await text.progress(), refusedSoFar()];
    expect((await post(world, forge(text))).status).toBe(403);
    expect(refusedSoFar()).toBe(refused + 1);
    await expect(text.progress()).resolves.toBe(before);
    // The person still signs in with the code.
    await text.request.redeem(atClient(text.browser, await enterCode(text.browser, text.page, text.code)));
  });

  test('a text status by GET, or at the address of a call, is not read', async () => {
    const { path, fields } = await texted();
    const refused = refusedSoFar();
    expect((await post(world, { ...signed(path, fields), method: 'GET' })).status).toBe(405);
    const elsewhere = path.replace('/text/', '/call/');
    expect((await post(world, signed(elsewhere, fields))).status).toBeGreaterThanOrEqual(403);
    expect(refusedSoFar() - refused).toBeLessThanOrEqual(1);
  });
});
