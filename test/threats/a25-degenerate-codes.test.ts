/**
 * A25. Text that is no code reaches the comparison: empty, `null`, signs that look like digits, a code followed by a NUL,
 * a hundred thousand characters, a number in place of a text. Or a code is sent for a challenge that was never begun.
 * Lenient parsers have accepted such text. Only six decimal digits, of any script, may be compared. Other text is no guess and
 * costs its owner no attempt.
 * Guards: `src/digits.ts#asciiDigits`, `src/mfa/factors/code.ts#typedDigits`, `src/mfa/factors/code.ts#codeIn`, the limits in
 * `src/http/body.ts#parseForm`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { factors } from '../../src/mfa/factors/index.ts';
import { formTo, type Ask } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import { countComparisons, type ComparisonCount } from '../support/counts/comparisons.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';
import { answering, isAnsweredHere } from './support/answering.ts';
import { noApproval, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

const guessable = factors.filter(factor => factor.guessable && isAnsweredHere(factor)).map(({ type }) => type);

describe.each(guessable)('A25 codes of %s', type => {
  let world: ThreatWorld;
  let counted: ComparisonCount;
  beforeEach(async () => {
    counted = countComparisons(type);
    const env = { SALLYPORT_FACTORS: factors.map(factor => factor.type).join(',') };
    world = await startThreatWorld({ wrap: counted.wrap, env });
  });
  afterEach(() => world.close());

  /** A sign-in of Ada at the page of a code, with the right code. */
  const begin = async () => {
    const { ada } = world.people;
    const person = answering[type];
    if (person === undefined) throw new Error(`nobody knows how to answer ${type}`);
    const browser = world.recordingBrowser();
    const started = await world.beginAs(browser, ada);
    const { request, uid } = started;
    const page = await browser.visit(`/interaction/${uid}/options`, { form: { method: person.row(ada) } });
    return { browser, request, page, right: await person.learn(world, ada, started) };
  };

  /** Requests made from the right code, with the status of their answer. */
  const cells: readonly (readonly [title: string, ask: (code: string) => Ask, status: number])[] = [
    ['nothing', () => ({ form: { code: '' } }), 422],
    ['no field', () => ({ form: {} }), 422],
    ['spaces', () => ({ form: { code: '      ' } }), 422],
    ['null', () => ({ form: { code: 'null' } }), 422],
    ['undefined', () => ({ form: { code: 'undefined' } }), 422],
    ['five digits of it', code => ({ form: { code: code.slice(1) } }), 422],
    ['a seventh digit', code => ({ form: { code: `${code}0` } }), 422],
    ['a NUL behind it', code => ({ form: { code: `${code}\0` } }), 422],
    ['a NUL and more', code => ({ form: { code: `${code}\0${code}` } }), 422],
    ['a new line behind it', code => ({ form: { code: `${code}\n` } }), 422],
    [
      'digits in circles',
      code => ({ form: { code: code.replaceAll(/./g, digit => '⓪①②③④⑤⑥⑦⑧⑨'[Number(digit)] ?? '') } }),
      422,
    ],
    ['one digit raised', code => ({ form: { code: `${code.slice(1)}²` } }), 422],
    ['a Latin letter like a digit', code => ({ form: { code: `${code.slice(1)}l` } }), 422],
    ['a sign', code => ({ form: { code: `+${code}` } }), 422],
    ['an exponent', code => ({ form: { code: `${code}e0` } }), 422],
    ['a hexadecimal number', code => ({ form: { code: `0x${Number(code).toString(16)}` } }), 422],
    ['a pattern', () => ({ form: { code: '......' } }), 422],
    ['a thousand and one times more', code => ({ form: { code: code.padEnd(1025, '0') } }), 413],
    ['a hundred thousand characters', code => ({ form: { code: code.repeat(16_667) } }), 413],
    ['it twice', code => raw(`code=${code}&code=${code}`), 400],
    ['a list', code => raw(`code[]=${code}`), 400],
    ['an operator', () => raw('code[$ne]=1'), 400],
    ['a broken escape', code => raw(`code=${code}%`), 400],
    ['bytes that are no UTF-8', code => raw(Buffer.concat([Buffer.from(`code=${code}`), Buffer.from([0xff])])), 400],
    ['a JSON number', code => raw(`{"code":${Number(code)}}`, 'application/json'), 415],
    ['a JSON text', code => raw(`{"code":"${code}"}`, 'application/json'), 415],
    ['text', code => raw(`code=${code}`, 'text/plain'), 415],
    [
      'multipart',
      code =>
        raw(
          `--x\r\ncontent-disposition: form-data; name="code"\r\n\r\n${code}\r\n--x--`,
          'multipart/form-data; boundary=x',
        ),
      415,
    ],
  ];

  test('A25 the right code passes, also with the spaces an app shows and in the digits of another keyboard', async () => {
    const spellings: readonly ((code: string) => string)[] = [
      code => code,
      code => ` ${code.slice(0, 3)} ${code.slice(3)} `,
      code => `${inScript(code.slice(0, 3), 0xff10)}\u3000${inScript(code.slice(3), 0xff10)}`,
      code => inScript(code, 0x0660),
      code => inScript(code, 0x1d7ce),
    ];
    for (const typed of spellings) {
      const { browser, page, right } = await begin();
      const done = await enterCode(browser, page, typed(right));
      expect(atClient(browser, done).searchParams.get('code')).toBeTruthy();
      await world.nextDay();
    }
    expect(counted.compared).toBe(spellings.length);
  });

  test('A25 a malformed code is refused, not compared and not counted', async () => {
    const { ada } = world.people;
    const { browser, request, page, right } = await begin();
    const { action } = formTo(page, /\/factor$/);
    for (const [title, ask, status] of cells) {
      const answer = await browser.go(action, ask(right));
      expect({ title, status: answer.status, to: browser.next(answer) }).toEqual({ title, status, to: undefined });
    }
    expect(counted.compared).toBe(0);
    expect(await world.failedAttempts(ada, type)).toBe(0);
    expect(await world.audited('challenge.answered')).toEqual([]);
    expect(await world.audited('challenge.passed')).toEqual([]);

    const done = await enterCode(browser, page, right);
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ sub: ada.user.id });
  });

  test('A25 000000 is a guess like any other', async () => {
    const { browser, page, right } = await begin();
    const refused = await enterCode(browser, page, right === '000000' ? '000001' : '000000');
    expect([refused.status, browser.next(refused)]).toEqual([422, undefined]);
    expect(counted.compared).toBe(1);
    expect(await world.failedAttempts(world.people.ada, type)).toBe(1);
    expect(await world.audited('challenge.answered')).toMatchObject([
      { outcome: 'failure', facts: { reason: 'wrong', factor: type } },
    ]);

    const done = await enterCode(browser, page, right);
    expect(atClient(browser, done).searchParams.get('code')).toBeTruthy();
  });

  test('A25 the code of another challenge before this sign-in has one is not compared', async () => {
    const { right } = await begin();
    const early = world.recordingBrowser();
    const { page, uid } = await world.begin(early);
    const answer = await early.go(`/interaction/${uid}/factor`, { form: { code: right } });
    expect([answer.status, early.next(answer)?.pathname]).toEqual([303, page.path]);
    expect(counted.compared).toBe(0);
    expect(await world.outcome(early, uid)).toEqual(noApproval);
  });
});

describe('A25 before any challenge', () => {
  let counted: ComparisonCount;
  let world: World;
  let rp: RelyingParty;
  beforeEach(async () => {
    counted = countComparisons('totp');
    world = await startWorld({ wrap: counted.wrap });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  test('A25 a right code before a challenge of its factor is not compared', async () => {
    const { noor, ada } = world.people;
    const code = codeAt(noor, world.clock());
    const early = world.browser();
    const first = await early.visit((await rp.begin()).url);
    const answer = await early.go(first.path.replace(/\/?$/, '/factor'), { form: { code } });
    expect([answer.status, early.next(answer)?.pathname]).toEqual([303, first.path]);

    // She is asked for a call and answers with the code of her app.
    const browser = world.browser();
    const calling = await enterPassword(browser, await browser.visit((await rp.begin()).url), ada);
    const typed = await browser.go(formTo(calling, /\/factor$/).action, {
      form: { code: codeAt(ada, world.clock()) },
    });
    expect([typed.status, browser.next(typed)?.pathname]).toEqual([303, calling.path]);

    expect(counted.compared).toBe(0);
    expect(await world.audited('challenge.passed')).toEqual([]);
    const page = await enterPassword(early, first, noor);
    expect(early.next(await enterCode(early, page, code))?.host).toBe('contoso.test');
  });
});

const raw = (body: string | Buffer, type = 'application/x-www-form-urlencoded'): Ask => ({
  method: 'POST',
  body,
  headers: { 'content-type': type, 'sec-fetch-site': 'same-origin', origin: 'null' },
});

const inScript = (code: string, zero: number): string =>
  Array.from(code, digit => String.fromCodePoint(zero + Number(digit))).join('');
