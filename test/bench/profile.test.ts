/** Tests how a CPU profile of V8 is added up. */
import type { Profiler } from 'node:inspector';
import { describe, expect, test } from '@jest/globals';
import { sumOf } from '../../bench/profile/groups.ts';
import { readOptions } from '../../bench/options.ts';

const root = 'file:///repository/';

interface TestFrame {
  readonly name: string;
  readonly url?: string;
  readonly calls?: readonly TestFrame[];
  /** Microseconds in the function itself. */
  readonly micros?: number;
}

/** A profile with one sample for each function that took time. */
const profileOf = (top: readonly TestFrame[]): Profiler.Profile => {
  const nodes: Profiler.ProfileNode[] = [];
  const [samples, timeDeltas] = [new Array<number>(), new Array<number>()];
  const add = ({ name, url = '', calls = [], micros }: TestFrame): number => {
    const id = nodes.length + 1;
    const node = {
      id,
      callFrame: { functionName: name, url, scriptId: '', lineNumber: 9, columnNumber: 0 },
      children: new Array<number>(),
    };
    nodes.push(node);
    if (micros !== undefined) {
      samples.push(id);
      timeDeltas.push(micros);
    }
    node.children.push(...calls.map(add));
    return id;
  };
  add({ name: '(root)', calls: top });
  return { nodes, samples, timeDeltas, startTime: 0, endTime: 0 };
};

const sign = { name: 'sign', url: `${root}src/crypto.ts`, micros: 5 };
const run = { name: 'run', micros: 30 };
const insert = { name: 'insert', url: `${root}adapters/sqlite/documents.ts`, micros: 10, calls: [run, sign] };
const password = { name: 'enter', url: `${root}interactions/password.ts`, micros: 7, calls: [insert] };

describe('a CPU profile', () => {
  const sum = sumOf(
    profileOf([
      password,
      { name: '(idle)', micros: 1000 },
      { name: '(program)', micros: 3 },
      { name: 'writev', url: 'node:internal/stream_base_commons', micros: 2 },
      {
        name: 'find',
        url: `${root}node_modules/oidc-provider/lib/x.js`,
        calls: [{ name: '(garbage collector)', micros: 4 }],
      },
      { name: 'post', url: 'node:inspector', micros: 500 },
    ]),
    root,
  );

  test('is busy except while the thread has no work, and while the profiler begins', () => {
    expect(sum.busy).toBe(61);
  });

  test('counts a function without a file for the file that called it', () => {
    expect(Object.fromEntries(sum.groups)).toEqual({
      'our steps (interactions, mfa, users)': 7,
      SQLite: 40,
      'crypto, sealing': 5,
      'event loop, compiler, without a function': 3,
      'HTTP, streams, timers of Node': 2,
      'garbage collection': 4,
    });
  });

  test('lists functions by their own time, and ours by the time of what they called', () => {
    expect(sum.own[0]).toEqual({ at: 'insert adapters/sqlite/documents.ts:10', micros: 40 });
    expect(sum.inclusive.map(({ at, micros }) => [at.split(' ')[0], micros])).toEqual([
      ['enter', 52],
      ['insert', 45],
      ['sign', 5],
    ]);
  });
});

describe('the command line of a profile', () => {
  test('names the work, and SQLite unless told', () => {
    expect(readOptions(['profile', 'totp'])?.profile).toEqual({
      name: 'totp',
      store: 'SQLite',
      seconds: 10,
      people: 2000,
      bare: false,
    });
    expect(
      readOptions(['profile', 'refresh', '--store', 'redis+mongodb', '--people', '20000', '--seconds', '3', '--bare'])
        ?.profile,
    ).toEqual({
      name: 'refresh',
      store: 'Redis + MongoDB',
      seconds: 3,
      people: 20_000,
      bare: true,
    });
  });

  test.each([
    [['profile'], /expected one of password, totp/],
    [['profile', 'S1'], /got S1/],
    [['profile', 'totp', '--store', 'Oracle'], /got Oracle/],
  ])('%j is refused', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
