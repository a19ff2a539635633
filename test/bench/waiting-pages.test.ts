/** Runs the scenario of waiting pages once with a few pages: real servers, streams and phones. Its figures are not judged. */
import { expect, test } from '@jest/globals';
import { openLab } from '../../bench/lab.ts';
import { measureWaitingPages } from '../../bench/scenarios/s08-waiting.ts';

test('each approval of a run reaches its page, and memory, CPU and times of the servers are told', async () => {
  const { lab, close } = await openLab('smoke', 1000);
  try {
    const size = { few: 1, many: 6, approvals: 1, idleSeconds: 0.1 };
    const results = await measureWaitingPages(lab, 'SQLite', size, 0);
    const kinds = results.map(({ kind, name }) => `${kind}: ${name.replace(/,? ?\d.*/, '')}`);
    expect(kinds).toEqual([
      'figure: heap of one event stream, bare node:http',
      'figure: resident set of one event stream, bare node:http',
      'figure: heap of one event stream, SQLite',
      'figure: resident set of one event stream, SQLite',
      'figure: CPU while',
      'ratio: approval to page',
      'ratio: approval to page',
      'figure: approval to page',
      'ratio: token',
    ]);
    const figures = results.flatMap(result => (result.kind === 'figure' ? [result.value] : []));
    expect(figures.every(Number.isFinite)).toBe(true);
  } finally {
    await close();
  }
});
