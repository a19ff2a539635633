/** Checks alerts and board against the metrics that the server has: a query for a metric that is not there never fires. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createMetrics } from '../../server/metrics/registry.ts';
import { metrics as table, type Metric } from '../../src/metrics.ts';
import { readQuery } from './support/promql.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'runbook', string>>;
}
const rules = parse(read('k8s/chart/monitoring/alerts.yaml')) as { spec: { groups: { rules: Alert[] }[] } };
const alerts = rules.spec.groups.flatMap(group => group.rules);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const { panels } = JSON.parse(read('k8s/chart/monitoring/board.json')) as { panels: readonly Panel[] };

const queries: readonly (readonly [string, string])[] = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** Of Prometheus itself and of kube-state-metrics. */
const foreign = new Set(['up', 'kube_job_status_failed']);
/** Labels that Prometheus and its operator add to everything that they read, or that belong to a metric that is not ours. */
const added = new Set(['job', 'pod', 'job_name', 'le']);

const ours: Readonly<Record<string, Metric>> = table;
const rowOf = (name: string): Metric | undefined => ours[name.replace(/_bucket$/, '')];

describe('alerts and board', () => {
  test.each(queries)('%s asks for metrics that the server has', async (_, query) => {
    const given = { factor: [], carrier: [], version: [], node: [] };
    const text = await createMetrics(given).text();
    const { metrics, groupedBy } = readQuery(query);
    expect(metrics.length).toBeGreaterThan(0);
    for (const { name, matchers } of metrics.filter(each => !foreign.has(each.name))) {
      const row = rowOf(name);
      expect(text).toContain(`# TYPE ${row === undefined ? name : name.replace(/_bucket$/, '')} `);
      expect([name, name.endsWith('_bucket')]).toEqual([name, row?.type === 'histogram']);
      for (const [label, value, isPattern] of matchers.filter(([each]) => !added.has(each))) {
        const values = row?.labels[label];
        expect([name, label, values === undefined]).toEqual([name, label, false]);
        if (values === 'given') continue;
        const asked = isPattern ? value.split('|') : [value];
        expect([name, asked.filter(each => values?.includes(each) !== true)]).toEqual([name, []]);
      }
    }
    const labels = new Set(metrics.flatMap(({ name }) => Object.keys(rowOf(name)?.labels ?? {})));
    expect(groupedBy.filter(label => !labels.has(label) && !added.has(label))).toEqual([]);
  });

  test('a query with a mistake, and one for an unknown metric, are found', () => {
    expect(() => readQuery('sum(rate(sallyport_requests_total[5m])')).toThrow(SyntaxError);
    expect(() => readQuery('sallyport_circuit_open ==')).toThrow(SyntaxError);
    expect(readQuery('sum by (a) (rate(x_total{b=~"c|d",e!="f"}[5m])) / y')).toEqual({
      metrics: [
        {
          name: 'x_total',
          matchers: [
            ['b', 'c|d', true],
            ['e', 'f', false],
          ],
        },
        { name: 'y', matchers: [] },
      ],
      groupedBy: ['a'],
    });
  });

  test('each text names only labels that its query leaves', () => {
    const texts = [
      ...alerts.map(({ expr, annotations }) => [expr, annotations.summary] as const),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr, legendFormat }) => [expr, legendFormat] as const)),
    ];
    for (const [query, text] of texts) {
      const { metrics, groupedBy } = readQuery(query);
      const isPlain = !/\bby\b|\bsum\(|\bmax\(/.test(query);
      const left = isPlain
        ? [...added, ...metrics.flatMap(({ name }) => Object.keys(rowOf(name)?.labels ?? {}))]
        : groupedBy;
      const named = [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = '']) => label);
      expect([text, named.filter(label => !left.includes(label))]).toEqual([text, []]);
    }
  });
});

describe('docs/runbooks.md', () => {
  const headings = [...read('docs/runbooks.md').matchAll(/^## (Sallyport\w+)$/gm)].map(([, name]) => name);

  test('has a section for each alert, and no other', () => {
    expect(headings).toEqual(alerts.map(({ alert }) => alert));
    for (const { alert, annotations, labels } of alerts) {
      expect(annotations.runbook).toBe(`docs/runbooks.md#${alert.toLowerCase()}`);
      expect(labels['severity']).toMatch(/^(?:page|ticket)$/);
    }
  });

  test('each section says what it means, what people notice and what to do first', () => {
    const sections = read('docs/runbooks.md').split('\n## ').slice(1);
    const incomplete = sections.filter(
      text => !['**Means**', '**People**', '**First**'].every(part => text.includes(part)),
    );
    expect(incomplete.map(text => text.split('\n')[0])).toEqual([]);
  });
});
