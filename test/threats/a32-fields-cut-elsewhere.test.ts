/**
 * A32. Twilio's signature joins names and values without a separator, so `{Digits: "12", To: "+1"}` and `{Digits:
 * "12To+1"}` have the same signature. An attacker who recorded a harmless callback cuts its fields elsewhere until it
 * approves. Or they send a field twice, so that one reader takes the first and another the last.
 * Guards: the shapes in `adapters/twilio/callback.ts#shapes` for every field that is read;
 * `src/strict-form.ts#readForm`, which refuses repeated names.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
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
import { checkAgain, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
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

/** A call with the key `1`: a real callback with its real signature, without an approval. */
const captured = async () => {
  const { ada } = world.people;
  const browser = world.browser();
  const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), ada);
  await ada.phone.ringing();
  await ada.phone.answer();
  await ada.phone.hear();
  await ada.phone.press('1');
  await ada.phone.hear();
  const callback = recorder.callbacks.findLast(({ path }) => path.includes('/keys'));
  if (callback === undefined) throw new Error('no key was reported');
  const signature = callback.headers['x-twilio-signature'] ?? '';
  return { browser, page, path: callback.path, fields: fieldsOf(callback), signature };
};

const joined = (fields: Fields) =>
  fields
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flat()
    .join('');

/** Moves the name and value that follow `name` in the signed text into the value of `name`. */
const swallow = (fields: Fields, name: string): Fields => {
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const at = sorted.findIndex(([each]) => each === name);
  const [next = '', value = ''] = sorted[at + 1] ?? [];
  return sorted.flatMap((field, i): Fields => {
    if (i === at + 1) return [];
    return i === at ? [[name, field[1] + next + value]] : [field];
  });
};

describe('A32 fields cut elsewhere', () => {
  test('A32 the original callback is accepted as the pressed key', async () => {
    const { path, fields, signature, browser, page } = await captured();
    const answer = await post(world, { path, body: bodyOf(fields), signature });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<Gather') });
    expect(heading(await checkAgain(browser, page))).toBe(heading(page));
  });

  test.each(['Digits', 'AccountSid', 'CallSid'])(
    'A32 %s joined with the next field has a valid signature and is refused',
    async name => {
      const { path, fields, signature, browser, page } = await captured();
      const cut = swallow(fields, name);
      expect(joined(cut)).toBe(joined(fields));
      expect((await post(world, { path, body: bodyOf(cut), signature })).status).toBe(403);
      expect(heading(await checkAgain(browser, page))).toBe(heading(page));
    },
  );

  test.each<[string, (body: string) => string]>([
    ['Digits twice, the second one #', body => `${body}&Digits=%23`],
    ['Digits twice, the first one #', body => `Digits=%23&${body}`],
    ['the same Digits twice', body => `${body}&Digits=1`],
    ['__proto__', body => `${body}&__proto__=x`],
    ['__proto__ of Digits', body => `${body}&__proto__%5BDigits%5D=%23`],
    ['Digits as a list', body => body.replace('Digits=1', 'Digits%5B%5D=1')],
    ['a second = in Digits', body => body.replace('Digits=1', 'Digits=1=%23')],
  ])('A32 %s is refused, also with a signature that fits one way to read it', async (_name, spoil) => {
    const { path, fields, signature, browser, page } = await captured();
    const spoilt = spoil(bodyOf(fields));
    const last = new Map(new URLSearchParams(spoilt));
    const fitting = sign(world.issuer.origin + path, [...last], secretOf(world));
    for (const each of [signature, fitting]) {
      expect((await post(world, { path, body: spoilt, signature: each })).status).toBe(403);
    }
    expect(heading(await checkAgain(browser, page))).toBe(heading(page));
    expect(({} as { Digits?: unknown }).Digits).toBeUndefined();
  });

  test('A32 more keys than an answer can have are refused', async () => {
    const { path, fields } = await captured();
    const long = withField(fields, 'Digits', '#'.repeat(8));
    const signature = sign(world.issuer.origin + path, long, secretOf(world));
    expect((await post(world, { path, body: bodyOf(long), signature })).status).toBe(403);
  });
});
