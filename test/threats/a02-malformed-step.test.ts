/**
 * A02. A step is posted empty, in another encoding, or with fields of the attacker's own: where a reader is lenient, `null`, an
 * array or `step=done` passes for an answer (authentik CVE-2026-49448, cal.com CVE-2025-66489). Each is refused with a status
 * that says so, and nothing has changed. Guard: `parseForm` of src/http/body.ts; for a code that is none, `digitsOf` and the
 * shape in interactions/factor.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enterCode } from '../support/world/relying-party.ts';
import type { Ask } from '../support/browser/plain.ts';
import { posts } from './support/routes.ts';
import { codeAt, expectSignedIn, openStage, type Stage, type Started, type Witness } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const formType = 'application/x-www-form-urlencoded';
const ours = { 'sec-fetch-site': 'same-origin', origin: 'null' };
const posted = (type: string, body: string | Buffer): Ask => ({
  method: 'POST',
  headers: { ...ours, ...(type !== '' && { 'content-type': type }) },
  body,
});
const multipart = '--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n123456\r\n--x--\r\n';

/** Bodies that no form of ours writes: refused at every address. */
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

/** Nothing where something is asked for. */
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

const atCode = async (browser: Witness): Promise<Started> => {
  stage.clock.advance(60_000);
  return stage.beginAs(browser, stage.people.noor);
};

/** Everything that an answer could have moved. */
const state = async (browser: Witness, uid: string) => ({
  ...(await stage.outcome(browser, uid)),
  challenge: await stage.challenge(uid),
  failedAttempts: await stage.failedAttempts(stage.people.noor),
});

const finishes = async (browser: Witness, { page }: Started): Promise<void> => {
  await enterCode(browser, page, await codeAt(stage.people.noor, stage.clock()));
  await expectSignedIn(stage, browser, stage.people.noor);
};

test('A02 a form as our pages write it is accepted', async () => {
  const browser = stage.witness();
  await finishes(browser, await atCode(browser));
  expect(browser.codes).toHaveLength(1);
});

describe.each(posts)('A02 %s', step => {
  test('A02 a malformed form is refused and changes no state', async () => {
    const browser = stage.witness();
    const started = await atCode(browser);
    const path = `/interaction/${started.uid}${step}`;
    const before = await state(browser, started.uid);
    const about = (await stage.audited('challenge.answered')).length;

    const statuses = [];
    for (const [what, ask] of malformed) statuses.push([what, (await browser.go(path, ask)).status]);

    expect(statuses.filter(([, status]) => ![400, 413, 415].includes(Number(status)))).toEqual([]);
    expect(await state(browser, started.uid)).toEqual(before);
    expect((await stage.audited('challenge.answered')).length).toBe(about);
    expect(stage.logged.filter(({ level }) => level === 'error')).toEqual([]);
    await finishes(browser, started);
  });
});

describe.each(Object.keys(empty))('A02 %s', step => {
  test('A02 an empty answer is refused and costs no try', async () => {
    const browser = stage.witness();
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
  const { noor } = stage.people;
  const client = await stage.addClient({ id: 'fabrikam', first_party: false });
  const browser = stage.witness();
  const asked = { client_id: client.id, redirect_uri: client.redirectUris[0] ?? '' };
  stage.clock.advance(60_000);
  const started = await stage.beginAs(browser, noor, asked);
  await enterCode(browser, started.page, await codeAt(noor, stage.clock()));
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
