/**
 * A02. A step is posted empty, in another encoding, or with fields of the attacker's own. A lenient reader takes
 * `null`, an array or `step=done` for an answer (authentik CVE-2026-49448, cal.com CVE-2025-66489). Each is refused
 * with a status that says so, and no state changes.
 * Guards: `src/http/body.ts#parseForm`; `src/mfa/factors/code.ts#typedDigits` for text that is no code.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enterCode } from '../support/world/relying-party.ts';
import type { Ask } from '../support/browser/plain.ts';
import { posts } from './support/routes.ts';
import { codeAt } from '../support/codes.ts';
import {
  expectSignedIn,
  startThreatWorld,
  type ThreatWorld,
  type StartedSignIn,
  type RecordingBrowser,
} from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());

const formType = 'application/x-www-form-urlencoded';
const ours = { 'sec-fetch-site': 'same-origin', origin: 'null' };
const posted = (type: string, body: string | Buffer): Ask => ({
  method: 'POST',
  headers: { ...ours, ...(type !== '' && { 'content-type': type }) },
  body,
});
const multipart = '--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n123456\r\n--x--\r\n';

/** Bodies that no form of ours sends: refused at every address. */
const malformed: readonly (readonly [string, Ask])[] = [
  ['a JSON operator', posted('application/json', '{"code":{"$ne":1}}')],
  ['JSON null', posted('application/json', 'null')],
  ['JSON true', posted('application/json', 'true')],
  ['a JSON array', posted('application/json', '[]')],
  ['a form that says it is JSON', posted('application/json', 'code=123456')],
  ['text', posted('text/plain', 'code=123456')],
  ['no type', posted('', 'code=123456')],
  ['multipart', posted('multipart/form-data; boundary=x', multipart)],
  ['another charset', posted(`${formType}; charset=utf-7`, 'code=123456')],
  ['an array', posted(formType, 'code[]=1')],
  ['an object', posted(formType, 'code[$ne]=1')],
  ['a field twice', posted(formType, 'code=1&code=2')],
  ['step=done', posted(formType, 'step=done')],
  ['aal=2', posted(formType, 'aal=2')],
  ['acr=phr', posted(formType, 'acr=phr')],
  ['a prototype', posted(formType, '__proto__=1')],
  ['a broken escape', posted(formType, 'code=%zz')],
  ['bytes that are not UTF-8', posted(formType, Buffer.from('code=\xff', 'latin1'))],
  ['a body beyond the limit', posted(formType, `code=${'1'.repeat(70_000)}`)],
];

/** Empty answers to a step that requires one. */
const empty: Readonly<Record<string, readonly Ask[]>> = {
  '/password': [
    posted('', ''),
    posted(formType, ''),
    posted(formType, 'name=&password='),
    posted(formType, 'name=noor'),
  ],
  '/factor': [posted('', ''), posted(formType, ''), posted(formType, 'code='), posted(formType, 'code')],
  '/options': [posted('', ''), posted(formType, ''), posted(formType, 'method=')],
};

const atCode = async (browser: RecordingBrowser): Promise<StartedSignIn> => {
  world.clock.advance(60_000);
  return world.beginAs(browser, world.people.noor);
};

/** All state that an answer could change. */
const state = async (browser: RecordingBrowser, uid: string) => ({
  ...(await world.outcome(browser, uid)),
  challenge: await world.challenge(uid),
  failedAttempts: await world.failedAttempts(world.people.noor),
});

const finishes = async (browser: RecordingBrowser, { page }: StartedSignIn): Promise<void> => {
  await enterCode(browser, page, codeAt(world.people.noor, world.clock()));
  await expectSignedIn(world, browser, world.people.noor);
};

test('A02 a form as our pages write it is accepted', async () => {
  const browser = world.recordingBrowser();
  await finishes(browser, await atCode(browser));
  expect(browser.codes).toHaveLength(1);
});

describe.each(posts)('A02 %s', step => {
  test('A02 a malformed form is refused and changes no state', async () => {
    const browser = world.recordingBrowser();
    const started = await atCode(browser);
    const path = `/interaction/${started.uid}${step}`;
    const before = await state(browser, started.uid);
    const about = (await world.audited('challenge.answered')).length;

    const statuses = [];
    for (const [what, ask] of malformed) statuses.push([what, (await browser.go(path, ask)).status]);

    expect(statuses.filter(([, status]) => ![400, 413, 415].includes(Number(status)))).toEqual([]);
    expect(await state(browser, started.uid)).toEqual(before);
    expect((await world.audited('challenge.answered')).length).toBe(about);
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
    await finishes(browser, started);
  });
});

describe.each(Object.keys(empty))('A02 %s', step => {
  test('A02 an empty answer is refused and costs no attempt', async () => {
    const browser = world.recordingBrowser();
    const started = await atCode(browser);
    const before = await state(browser, started.uid);

    for (const ask of empty[step] ?? []) {
      const { status } = await browser.go(`/interaction/${started.uid}${step}`, ask);
      expect([ask.body, status >= 400 && status < 500]).toEqual([ask.body, true]);
      expect(await state(browser, started.uid)).toEqual(before);
    }

    await finishes(browser, started);
  });
});

test('A02 a consent form without yes or no gives no grant', async () => {
  const { noor } = world.people;
  const client = await world.addClient({ id: 'fabrikam', first_party: false });
  const browser = world.recordingBrowser();
  const asked = { client_id: client.id, redirect_uri: client.redirectUris[0] ?? '' };
  world.clock.advance(60_000);
  const started = await world.beginAs(browser, noor, asked);
  await enterCode(browser, started.page, codeAt(noor, world.clock()));
  const at = browser.answers.at(-1)?.path ?? '';
  expect(browser.answers.at(-1)?.text).toContain(`${at}/consent`);

  for (const body of ['', 'answer=', 'answer=yes', 'answer[]=allow', 'answer=allow&answer=deny', 'scope=openid']) {
    const { status } = await browser.go(`${at}/consent`, posted(formType, body));
    expect([body, status]).toEqual([body, 400]);
  }
  expect(browser.codes).toEqual([]);

  await browser.visit(`${at}/consent`, { form: { answer: 'allow' } });
  expect(browser.codes).toHaveLength(1);
});
