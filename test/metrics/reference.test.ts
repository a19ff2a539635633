/** Tests the table of metrics: its page in docs, its closed labels, and that every factor and carrier has a value of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { metricsPage } from '../../server/metrics/reference.ts';
import { createMetrics } from '../../server/metrics/registry.ts';
import { openResources } from '../../server/resources.ts';
import { givenValues, openTelemetry } from '../../server/telemetry.ts';
import { loadSettings } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { metrics, type Metric } from '../../src/metrics.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import { factors } from '../../src/mfa/factors/index.ts';

const rows = Object.entries(metrics) as readonly (readonly [string, Metric])[];
const given = givenValues(loadSettings({ SALLYPORT_DATABASE_URL: 'memory:' }));

test('docs/metrics.md equals the generated reference (renew it by `npm run cli -- config docs`)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8')).toBe(metricsPage());
});

test('names, units and labels follow the conventions of Prometheus', () => {
  for (const [name, { type, labels, buckets }] of rows) {
    expect(name).toMatch(/^sallyport_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(type !== 'histogram' || name.endsWith('_seconds')).toBe(true);
    expect((buckets ?? []).toSorted((a, b) => a - b)).toEqual(buckets ?? []);
    for (const label of Object.keys(labels)) expect(label).toMatch(/^[a-z]+$/);
  }
});

test('no label could name a person, a client, a number or an address', () => {
  const labels = new Set(rows.flatMap(([, row]) => Object.keys(row.labels)));
  expect([...labels].toSorted()).toEqual([
    'algorithm',
    'carrier',
    'channel',
    'event',
    'factor',
    'kind',
    'node',
    'offset',
    'operation',
    'outcome',
    'purpose',
    'reason',
    'report',
    'result',
    'route',
    'status',
    'store',
    'use',
    'version',
  ]);
});

test('every factor has a value of its own', () => {
  expect(given.factor).toEqual(['password', 'passkey-alone', ...factors.map(({ type }) => type)]);
});

test('one process never has more than 10,000 series of ours', () => {
  const lengths = rows.map(([, { labels, buckets = [] }]) =>
    Object.entries(labels).reduce(
      (product, [label, values]) =>
        product * (values === 'given' ? given[label as keyof typeof given].length : values.length),
      // Of a histogram: its buckets, +Inf, sum and count.
      buckets.length === 0 ? 1 : buckets.length + 3,
    ),
  );
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(10_000);
});

test('a value that is not in the list of its label is counted as other, and creates no further series', async () => {
  const counted: Metrics & ReturnType<typeof createMetrics> = createMetrics(given);
  for (const factor of ['totp', 'ada@example.com', '+12025550143'])
    counted.count('sallyport_attempts_total', { purpose: 'sign-in', factor, outcome: 'passed' });
  const lines = (await counted.text()).split('\n').filter(line => line.startsWith('sallyport_attempts_total{'));
  expect(lines).toEqual([
    'sallyport_attempts_total{purpose="sign-in",factor="totp",outcome="passed"} 1',
    'sallyport_attempts_total{purpose="sign-in",factor="other",outcome="passed"} 2',
  ]);
});

test('a gauge adds the values of its readers, and leaves out removed and failing ones', async () => {
  const counted = createMetrics(given);
  const read = async () =>
    (await counted.text()).split('\n').filter(line => line.startsWith('sallyport_outbox_messages '));
  const stop = counted.gauge('sallyport_outbox_messages', () => [{ labels: {}, value: 3 }]);
  counted.gauge('sallyport_outbox_messages', () => [{ labels: {}, value: 4 }]);
  counted.gauge('sallyport_outbox_messages', () => {
    throw new Error('closed');
  });
  expect(await read()).toEqual(['sallyport_outbox_messages 7']);
  stop();
  expect(await read()).toEqual(['sallyport_outbox_messages 4']);
});

test('without a management port and a collector nothing is wrapped, and so nothing costs', async () => {
  const settings = loadSettings({ SALLYPORT_DATABASE_URL: 'memory:' });
  const resources = await openResources(settings, { log: silentLog });
  const telemetry = await openTelemetry(settings);
  expect(telemetry.instrument(resources)).toBe(resources);
  expect(await telemetry.listen({ hasStarted: false })).toBeUndefined();
  await resources.close();
});
