/** Runs the bench of waiting pages once with a few pages: real servers, streams and phones. Its figures are not judged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { measureWaitingPages } from '../../bench/waiting-pages.ts';
import { waitingReport } from '../../bench/waiting-report.ts';

test('each approval of a run reaches its page, and the memory and the times of all servers are told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  try {
    const figures = await measureWaitingPages(folder, { few: 2, many: 10, approvals: 1 });
    expect([figures.pages.length, figures.bareStreams.length, figures.rounds.length]).toEqual([3, 3, 6]);
    const costs = ['few', 'many', 'few again'].flatMap(name => [`${name} p50`, `${name} p95`]);
    for (const round of figures.rounds) expect(Object.keys(round).toSorted()).toEqual(costs.toSorted());
    const report = waitingReport(figures);
    expect(report).toMatch(/many p50 \/ few p50 +\d+\.\d\d +\d/);
    expect(report).toMatch(/10 waiting pages: p50 \d+\.\d ms/);
    expect(report).not.toContain('NaN');
  } finally {
    await rm(folder, { recursive: true });
  }
});
