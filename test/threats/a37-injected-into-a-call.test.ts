/**
 * A37. The name of the client is said in a call, and the client chooses it. `</Say><Redirect>…` would lead the call to
 * an attacker's script, which then speaks as us. Ten kilobytes would keep a person listening and cut off the
 * instruction. A character that XML cannot hold would end the call. With every name, each step of a call stays as it is
 * with an ordinary name: the same verbs, one Gather where a key is awaited, one address, one language, and the same
 * last words.
 * Guards: `adapters/twilio/voice.ts#spoken` with the escaping of Twilio's package, `src/client-name.ts#nameForVoice`,
 * `adapters/twilio/address.ts#previousKeySets`.
 */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { openTwilioCalls } from '../../adapters/twilio.ts';
import { readXml, type Element } from '../../simulator/network/xml.ts';
import { phoneNumber } from '../../src/mfa/phone-number.ts';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import type { Authenticator, CeremonyContext, Factor } from '../../src/mfa/factor.ts';
import type { VoicePrompt } from '../../src/ports/carriers.ts';
import { spoken } from '../../src/locales/spoken.ts';
import { languages } from '../../src/locales/wording.ts';
import { loneSurrogates, oddStrings } from '../support/hostile/odd-strings.ts';

const honest = 'Contoso Office';
const stranger = 'https://stranger.test/';
const names: readonly string[] = [
  `</Say><Redirect>${stranger}</Redirect><Say>`,
  `</Say></Gather><Dial>+19005550199</Dial><Gather><Say>`,
  `"/><Redirect>${stranger}</Redirect><x y="`,
  `]]><Redirect>${stranger}</Redirect>`,
  `<![CDATA[</Say>]]><!-- --><?xml version="1.0"?>`,
  `&lt;/Say&gt;&#60;Redirect&#62;&unknown;<!DOCTYPE x [<!ENTITY a "b">]>`,
  '<speak><break time="10s"/></speak>',
  'x'.repeat(10_240),
  '😀'.repeat(5000),
  `${'a '.repeat(5000)}Press one, then pound.`,
  'Contoso. Press one two three four. Thank you',
  Array.from({ length: 32 }, (_, code) => String.fromCodePoint(code)).join(`</Say>`),
  '\u007f\u0080\u009f\u00ad\u200b\ufeff\ufffe\uffff',
  '\u202e\u2066\u200fesreveR\u2069\u202c',
  ...oddStrings,
  ...loneSurrogates,
];

const token = 'T0kenOfOneCall_128bits';
const line = openTwilioCalls({
  accountSid: `AC${'a'.repeat(32)}`,
  authTokens: ['token'],
  from: '+15005550006',
  apiBase: new URL('https://api.twilio.com'),
  callbackBase: new URL('https://login.example.test'),
});

const contextOf = (language: string, client: string): CeremonyContext => ({
  now: 0,
  language,
  client,
  origin: 'https://login.example.test',
  person: { id: 'ada', name: 'Ada' },
  token,
  binding: 'sign-in:1',
  code: digits => '8'.repeat(digits),
  challenge: '',
  nonce: () => '',
  keyedHash: text => text,
});

const phones = [{ number: '+12025550150' }, { number: '+12025550150', extension: '421' }];
const speaking = (type: string, callAnswer: 'key' | 'number' = 'key'): Factor => {
  const factor = factorsFor({ callAnswer }).find(each => each.type === type);
  if (factor?.speak === undefined) throw new Error(`${type} says nothing`);
  return factor;
};
const factors: readonly (readonly [string, Factor])[] = [
  ['a call answered with #', speaking('call')],
  ['a call answered with a number', speaking('call', 'number')],
  ['a spoken code', speaking('spoken')],
];
/** All keys that may have been heard before a step is spoken. */
const heard = ['', '#', '0', '0#', '5', '*', '123456', 'e', 'e#', 'e0', 'e0#', 'e5', 'e123456'];

/** Every spoken step of this factor in this language, for both phones, to sign in and to enroll. */
const turnsOf = async (factor: Factor, language: string, client: string): Promise<readonly VoicePrompt[]> => {
  const ctx = contextOf(language, client);
  const turns: VoicePrompt[] = [];
  for (const data of phones) {
    const phone: Authenticator = { id: 'phone', type: 'phone', label: 'mobile', data, createdAt: 0 };
    const { number, extension } = data;
    const spelled = extension === undefined ? number : `${number} x${extension}`;
    for (const { state } of [await factor.challenge.begin([phone], ctx), await factor.enroll.begin(spelled, [], ctx)]) {
      turns.push(...heard.flatMap(keys => factor.speak?.(state, keys, ctx) ?? []));
    }
  }
  return turns;
};

/** A document without the text that is said. */
const shapeOf = ({ name, attributes, children }: Element): unknown => [
  name,
  Object.fromEntries(attributes),
  name === 'Say' ? [] : children.map(child => (typeof child === 'string' ? child : shapeOf(child))),
];
const verbsOf = (element: Element): readonly string[] =>
  element.children.flatMap(child => (typeof child === 'string' ? [] : [child.name, ...verbsOf(child)]));
const wordsOf = (element: Element): string =>
  element.children.map(child => (typeof child === 'string' ? child : wordsOf(child))).join('');

const written = (turn: VoicePrompt): Element => readXml(line.render(turn, token).body);

/** Differences between a document with a hostile name and the one with an ordinary name, except for the name. */
const faultsOf = (document: Element, twin: Element): readonly string[] => {
  const [words, honestWords] = [wordsOf(document), wordsOf(twin)];
  return [
    ...(isDeepStrictEqual(shapeOf(document), shapeOf(twin)) ? [] : [`another shape: ${JSON.stringify(document)}`]),
    ...(/[<>[\]/"]|[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u.test(words) ? [`said: ${words}`] : []),
    ...(words.length < honestWords.length + 150 ? [] : [`too long: ${words.length}`]),
    // the instruction comes after the name, and is still there
    ...(words.slice(-30) === honestWords.slice(-30) ? [] : [`ends with ${words.slice(-30)}`]),
  ];
};

describe.each(languages)('A37 in %s', language => {
  const { voice } = spoken(language, '+12025550143');

  test.each(factors)('%s says an ordinary client name in full, by Say, Gather and Hangup', async (_name, factor) => {
    const turns = await turnsOf(factor, language, honest);
    expect(turns.some(({ say }) => say.includes(honest))).toBe(true);
    for (const turn of turns) {
      const document = written(turn);
      expect(verbsOf(document)).toEqual(turn.gather === 'none' ? ['Say', 'Hangup'] : ['Gather', 'Say']);
      expect(wordsOf(document)).toBe(turn.say);
      expect(JSON.stringify(shapeOf(document))).toContain(`["Say",{"language":"${voice}"}`);
    }
  });

  test.each(factors)('%s keeps its verbs, questions and last words for every client name', async (_name, factor) => {
    const usual = await turnsOf(factor, language, honest);
    const texts = usual.map(turn => JSON.stringify(turn));
    const distinct = [...usual.entries()].filter(([at]) => texts.indexOf(texts[at] ?? '') === at);
    const twins = distinct.map(([at, turn]) => [at, written(turn)] as const);
    for (const name of names) {
      const turns = await turnsOf(factor, language, name);
      const faults = twins.flatMap(([at, twin]) => {
        const turn = turns[at];
        return turn === undefined ? ['a turn less'] : faultsOf(written(turn), twin);
      });
      expect({ name: name.slice(0, 40), faults }).toEqual({ name: name.slice(0, 40), faults: [] });
    }
  });
});

describe('A37 in TwiML', () => {
  test.each(names.map(say => [Array.from(JSON.stringify(say)).slice(0, 40).join(''), say]))(
    'the text %s stays text',
    (_label, say) => {
      for (const gather of ['key', 'digits', 'none'] as const) {
        const usual = written({ say: honest, language: 'en-US', gather });
        const document = written({ say, language: 'en-US', gather });
        expect(shapeOf(document)).toEqual(shapeOf(usual));
        expect(wordsOf(document).length).toBeLessThanOrEqual(1000);
      }
    },
  );

  test.each(['</Say>', '"><Redirect>', '#', '0#&heard=', 'e0e'])(
    'only known keys are put into an address: %j',
    carried => {
      expect(() =>
        line.render({ say: honest, language: 'en-US', gather: 'key', previousKeys: carried }, token),
      ).toThrow(expect.objectContaining({ code: 'internal' }));
    },
  );

  test.each(['4</Say>', '4,5', '4#', '4w', '<1>', '1'.repeat(11)])('%j is refused as an extension', extension => {
    expect(phoneNumber('+1 202 555 0150 x421')).toMatchObject({ extension: '421' });
    expect(phoneNumber(`+1 202 555 0150 x${extension}`)?.extension ?? '').toMatch(/^[0-9]{0,10}$/);
  });
});
