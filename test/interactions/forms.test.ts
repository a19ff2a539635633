/** Tests which bodies and form fields a request may carry, and from which origin it may come. */
import { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { typedDigits } from '../../src/mfa/factors/code.ts';
import { parseForm, readBody } from '../../src/http/body.ts';
import { isSameOrigin } from '../../src/http/same-origin.ts';

const type = 'application/x-www-form-urlencoded';
const fields = { name: 8, password: 16 };
const parse = (text: string, as: string | undefined = type) =>
  Object.fromEntries(parseForm(as, Buffer.from(text), fields));

describe('a form', () => {
  test.each([
    ['name=ada&password=p+q%20r', { name: 'ada', password: 'p q r' }],
    ['password=%C3%A4%E2%82%AC', { password: 'ä€' }],
    ['name=', { name: '' }],
    ['name', { name: '' }],
    ['password=a=b=c', { password: 'a=b=c' }],
    ['', {}],
  ])('%j is read as %j', (text, form) => {
    expect(parse(text)).toEqual(form);
  });

  test('may name its character set and may be empty without a type', () => {
    expect(parse('name=a', `${type}; charset=UTF-8`)).toEqual({ name: 'a' });
    expect(Object.fromEntries(parseForm(undefined, Buffer.alloc(0), fields))).toEqual({});
  });

  test.each([
    ['name=a&name=b', 'bad-request'],
    ['name=a&other=b', 'bad-request'],
    ['name[]=a', 'bad-request'],
    ['__proto__=a', 'bad-request'],
    ['constructor=a', 'bad-request'],
    ['name=%', 'bad-request'],
    ['name=%ff', 'bad-request'],
    ['&', 'bad-request'],
    ['name=123456789', 'too-large'],
    ['name=%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4', 'too-large'],
    ['&'.repeat(60_000), 'bad-request'],
  ])('%.40j is refused as %s', (text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    `${type}; charset=utf-16`,
    `${type}x`,
    '',
  ])('with the content type %j is refused', as => {
    expect(() => parse('name=a', as)).toThrow(expect.objectContaining({ code: 'unsupported-type' }));
  });

  test('with bytes that are not UTF-8 is refused', () => {
    expect(() => parseForm(type, Buffer.from([0xc3, 0x28]), fields)).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    );
  });
});

/** A request as Node gives it to a handler. */
const request = (deps: readonly (string | Error)[], headers: Record<string, string> = {}) => {
  const read = async function* source() {
    for (const part of deps) {
      if (typeof part !== 'string') throw part;
      yield Buffer.from(part);
    }
  };
  return Object.assign(Readable.from(read()), { headers }) as unknown as IncomingMessage;
};

describe('a body', () => {
  test('is read up to its limit', async () => {
    await expect(readBody(request(['abc', 'de']), 5)).resolves.toEqual(Buffer.from('abcde'));
  });
  test.each([
    ['one byte more', request(['abc', 'def'])],
    ['more by its own word', request([], { 'content-length': '6' })],
  ])('with %s is refused', async (_name, sent) => {
    await expect(readBody(sent, 5)).rejects.toMatchObject({ code: 'too-large' });
  });
  test('that is aborted is refused', async () => {
    await expect(readBody(request(['a', new Error('aborted')]), 5)).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('isOurs', () => {
  const ours = 'https://login.example.test';
  test.each([
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: ours }, true],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ origin: ours }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, false],
    [{ 'sec-fetch-site': 'same-site', origin: ours }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: 'null' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ origin: 'null' }, false],
    [{ origin: `${ours}.evil.example` }, false],
    [{ origin: 'http://login.example.test' }, false],
    [{}, false],
  ])('with the headers %j is %s', (headers, is) => {
    expect(isSameOrigin(headers, ours)).toBe(is);
  });
});

test.each([
  [' 123 456 ', '123456'],
  ['123-456', '123456'],
  ['123\u2013456', '123456'],
  ['\u200e123456\u200f', '123456'],
  ['１２３ ٤٥٦', '123456'],
  ['①②③④⑤⑥', '①②③④⑤⑥'],
  ['12345\u0000', '12345\u0000'],
  ['#', '#'],
])('spaces and dashes are dropped, and the digits of every keyboard are read: %j becomes %j', (typed, digits) => {
  expect(typedDigits(typed)).toBe(digits);
});
