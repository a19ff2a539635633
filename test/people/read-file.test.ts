/** Tests what is read from files of people: CSV as spreadsheets write it, JSON lines, and files that are broken. */
import { describe, expect, test } from '@jest/globals';
import { isProblem } from '../../src/errors.ts';
import type { FileRow, RowMistake } from '../../src/people/members.ts';
import { rowsIn } from '../../src/people/read-file.ts';
import { bytesOf } from './support/people.ts';

const read = async (file: string | Uint8Array, piece?: number, ignoreUnknown = false) => {
  const rows: (readonly [number, unknown])[] = [];
  for await (const row of rowsIn(bytesOf(file, piece), { ignoreUnknown })) rows.push([row.line, contentOf(row)]);
  return rows;
};
const contentOf = (row: FileRow | RowMistake): unknown =>
  'message' in row ? row.message : Object.fromEntries(row.values);

const ada = { name: 'ada', display_name: 'Ada L' };
const alan = { name: 'alan', display_name: 'Alan T' };

describe('CSV', () => {
  test.each([
    ['comma', 'name,display_name\nada,Ada L\nalan,Alan T\n'],
    ['semicolon, as Excel writes it in German', 'name;display_name\r\nada;Ada L\r\nalan;Alan T\r\n'],
    ['tab', 'name\tdisplay_name\nada\tAda L\nalan\tAlan T'],
    ['the line in which Excel names the separator', 'sep=;\nname;display_name\nada;Ada L\nalan;Alan T'],
    ['a byte order mark', '\uFEFFname,display_name\nada,Ada L\nalan,Alan T\n'],
    ['old line ends', 'name,display_name\rada,Ada L\ralan,Alan T\r'],
    ['quoted cells', '"name","display_name"\n"ada","Ada L"\n"alan","Alan T"\n'],
    ['other spellings of the columns', 'User Name,displayName\nada,Ada L\nalan,Alan T\n'],
    ['empty lines', '\n\nname,display_name\n\nada,Ada L\n  \nalan,Alan T\n\n'],
    ['empty rows, as Excel writes them', 'name,display_name\nada,Ada L\n,\nalan,Alan T\n,\n , \n'],
  ])('with %s', async (_what, file) => {
    for (const piece of [1, 7, 65_536]) {
      expect((await read(file, piece)).map(([, content]) => content)).toEqual([ada, alan]);
    }
  });

  test('cells keep separators, quotation marks and line ends; empty ones are absent', async () => {
    const file = 'name,display_name,email\nada,"A, ""the"" \nL",\n\n"b;c",  ,b@example.com\n';
    expect(await read(file)).toEqual([
      [2, { name: 'ada', display_name: 'A, "the" \nL' }],
      [5, { name: 'b;c', email: 'b@example.com' }],
    ]);
  });

  test('lists are separated by semicolons, or are JSON; yes and no are read', async () => {
    const file =
      'name,groups,phones,totp,locked,email_verified\n' +
      `ada,"a; b;",'+12025550143,otpauth://totp/a;b?secret=X,yes,FALSE\n` +
      `alan,"[""a;b""]","[{""number"":""+1""}]","[""x"",""y""]",0,perhaps\n`;
    expect(await read(file)).toEqual([
      [
        2,
        {
          name: 'ada',
          groups: ['a', ' b'],
          phones: ['+12025550143'],
          totp: ['otpauth://totp/a;b?secret=X'],
          locked: true,
          email_verified: false,
        },
      ],
      [
        3,
        {
          name: 'alan',
          groups: ['a;b'],
          phones: [{ number: '+1' }],
          totp: ['x', 'y'],
          locked: false,
          email_verified: 'perhaps',
        },
      ],
    ]);
  });

  test('a malformed row does not affect other rows', async () => {
    const good = 'alan,Alan T\n'.repeat(12);
    const rows = [
      ['ada,"Ada L', 'got a quotation mark that is not closed, expected two around a cell'],
      ['ada,"Ada" L', 'got a quotation mark inside a cell, expected it doubled in a quoted cell'],
      ['ada,Ada "L"', 'got a quotation mark inside a cell, expected it doubled in a quoted cell'],
      ['ada', 'got 1 cells, expected 2 as in the first line'],
      ['ada,Ada,L', 'got 3 cells, expected 2 as in the first line'],
      [`ada,${'x'.repeat(70_000)}`, 'got a line of more than 65536 characters'],
    ] as const;
    const file = `name,display_name\n${rows.map(([row]) => `${row}\n${good}`).join('')}`;
    for (const piece of [100, 65_536]) {
      const got = await read(file, piece);
      expect(got.filter(([, content]) => typeof content !== 'string')).toHaveLength(12 * rows.length);
      expect(got.filter(([, content]) => typeof content === 'string')).toEqual(
        rows.map(([, message], at) => [2 + 13 * at, message]),
      );
    }
  });

  test.each([
    [
      'an unknown column, which holds perhaps a password',
      'name,pasword\nada,secret',
      /got "pasword", expected name, d/,
    ],
    [
      'no line of names, without telling a cell of it',
      'ada,hunter2\nalan,secret',
      /^got no known column in line 1, expected name/,
    ],
    ['no name', 'display_name\nAda', /got no column name in line 1/],
    ['a column twice', 'name,mail,email\nada,a,b', /got the column email twice/],
    ['no row at all', '\n \n', /without a row/],
    ['one JSON list', '[{"name":"ada"}]', /one JSON list, expected JSON lines/],
    ['an open quotation mark in the first line', '"name,email\nada,a', /line 1: .*not closed/],
  ])('a file with %s is refused as a whole', async (_what, file, message) => {
    await expect(read(file)).rejects.toMatchObject({ code: 'bad-request', message: expect.stringMatching(message) });
  });

  test('unknown columns are left out where that was asked for', async () => {
    expect(await read('name,objectId,display_name\nada,1,Ada L\n', undefined, true)).toEqual([[2, ada]]);
  });

  test.each([
    ['Windows-1252', Buffer.from('name,display_name\nada,J\xFCrgen\n', 'latin1')],
    ['UTF-16', Buffer.from('\uFEFFname,display_name\nada,Ada\n', 'utf16le')],
    ['UTF-8 that was cut', Buffer.from('name,display_name\nada,Jü').subarray(0, -1)],
  ])('%s is refused', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('not UTF-8'),
    });
  });
});

describe('JSON lines', () => {
  test('values keep their types; null and empty texts are absent', async () => {
    const file =
      '{"name":"ada","displayName":"Ada\u2028L","email":null,"language":"","groups":["a;b"],"locked":false}\r\n\n{"name":7}';
    for (const piece of [1, 65_536]) {
      expect(await read(file, piece)).toEqual([
        [1, { name: 'ada', display_name: 'Ada\u2028L', groups: ['a;b'], locked: false }],
        [3, { name: 7 }],
      ]);
    }
  });

  test('a malformed line does not affect other lines', async () => {
    const bad = [
      ['{"name":"ada"', 'got a line that is no JSON, expected one object'],
      ['["ada"]', 'got another JSON value, expected one object'],
      ['null', 'got another JSON value, expected one object'],
      ['{"name":"ada","__proto__":{"locked":true}}', expect.stringContaining('got "__proto__", expected name, d')],
      ['{"name":"ada","username":"b"}', 'got it twice, expected it once'],
      [`{"name":"${'x'.repeat(70_000)}"}`, 'got a line of more than 65536 characters'],
    ] as const;
    const file = `{"name":"first"}\n${bad.map(([line]) => `${line}\n{"name":"alan"}\n`).join('')}`;
    const got = await read(file);
    expect(got).toEqual([
      [1, { name: 'first' }],
      ...bad.flatMap(([, message], at) => [
        [2 + 2 * at, message],
        [3 + 2 * at, { name: 'alan' }],
      ]),
    ]);
  });
});

test.each([
  ['name\nada\n', 2],
  ['unknown\nada\n', 'bad-request'],
  ['[{"name":"ada"}]', 'bad-request'],
  ['\n', 'bad-request'],
  ['{"name":"ada"}\n{"name":"b"}\n', 1],
])('the source of %j is ended, also where the file is refused or a part of it is read', async (file, expected) => {
  let ended = 0;
  const source = async function* () {
    try {
      yield* bytesOf(file, 1);
    } finally {
      ended += 1;
    }
  };
  const firstLine = async (): Promise<unknown> => {
    for await (const { line } of rowsIn(source())) return line;
    return undefined;
  };
  expect(await firstLine().catch((error: unknown) => (isProblem(error) ? error.code : error))).toBe(expected);
  expect(ended).toBe(1);
});
