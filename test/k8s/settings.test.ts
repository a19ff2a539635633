/** Checks that the objects for Kubernetes and the code agree: settings, ports, probes, commands and times. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { grace, lastWrites } from '../../server/shutdown.ts';
import { managementListener } from '../../server/management.ts';
import { acceptsFile } from '../../src/config/sources.ts';
import { table } from '../../src/config/table.ts';
import type { Setting } from '../../src/config/setting.ts';
import { start } from '../support/world/programs.ts';
import { configCheck } from './support/config-check.ts';
import {
  folder,
  kustomized,
  podOf,
  settingsOf,
  templated,
  type KubernetesObject,
  type PodTemplate,
} from './support/objects.ts';
import { withPrograms } from './support/programs.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const settings = Object.values<Setting>(table);
const known = new Set(settings.flatMap(each => (acceptsFile(each) ? [each.name, `${each.name}_FILE`] : [each.name])));

describe('files for deployment', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join('k8s', name))
    .filter(path => statSync(join(root, path)).isFile());

  test.each([...files, 'Dockerfile', 'compose.yaml', 'docs/kubernetes.md', 'docs/runbooks.md', 'docs/scaling.md'])(
    '%s names settings that exist',
    path => {
      const named = [...read(path).matchAll(/\b(?:SALLYPORT_[A-Z0-9_]+|REDIS_URL(?:_FILE)?)\b/g)].map(([name]) => name);
      // Kubernetes' variables of a Service, in a comment, and a pattern of the schema.
      expect(named.filter(name => !known.has(name) && !['SALLYPORT_PORT', 'SALLYPORT_'].includes(name))).toEqual([]);
    },
  );

  test('the chart refuses each secret as a plain setting, and takes addresses without a password', () => {
    const { properties } = JSON.parse(read('k8s/chart/values.schema.json')) as {
      properties: { config: { propertyNames: { not: { enum: string[] } } } };
    };
    const refused = properties.config.propertyNames.not.enum;
    const secrets = settings.filter(each => each.secret === true).map(({ name }) => name);
    expect(refused.filter(name => secrets.includes(name)).toSorted()).toEqual(
      secrets.filter(name => !name.endsWith('_URL')).toSorted(),
    );
  });

  test('release and chart have one version', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('k8s/chart/Chart.yaml')).toContain(`\nappVersion: ${version}\n`);
    expect(read('k8s/base/kustomization.yaml')).toContain(`newTag: ${version}\n`);
  });
});

withPrograms('objects and code', () => {
  let renders: readonly (readonly [string, readonly KubernetesObject[]])[];
  let server: PodTemplate;
  let configured: Readonly<Record<string, string>>;

  beforeAll(() => {
    const objects = kustomized(join(folder, 'overlays/production'));
    renders = [
      ['overlays/production', objects],
      ['overlays/evaluation', kustomized(join(folder, 'overlays/evaluation'))],
      ['chart', templated()],
      ['chart for evaluation', templated('-f', join(folder, 'chart/values-evaluation.yaml'))],
    ];
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    const pod = deployment && podOf(deployment);
    if (pod === undefined) throw new Error('no Deployment');
    server = pod;
    configured = settingsOf(pod, objects);
  }, 60_000);

  test('the server takes the settings of each, and Jobs have the same', async () => {
    for (const [name, objects] of renders) {
      const all = objects
        .flatMap(each => podOf(each) ?? [])
        .filter(pod => pod.metadata.labels['app.kubernetes.io/name'] === 'sallyport')
        .map(pod => settingsOf(pod, objects));
      expect(all).toEqual(all.map(() => all[0]));
      expect([name, await configCheck(all[0] ?? {})]).toEqual([
        name,
        'The configuration is good: production, https://login.example.com.\n',
      ]);
    }
  }, 60_000);

  test('ports are those that the server opens', () => {
    const ports = server.spec.containers[0]?.ports;
    expect(ports).toEqual([
      { name: 'http', containerPort: Number(configured['SALLYPORT_LISTEN']?.split(':')[1]) },
      { name: 'management', containerPort: Number(configured['SALLYPORT_MANAGEMENT_LISTEN']?.split(':')[1]) },
    ]);
    expect(read('Dockerfile')).toContain(`EXPOSE ${ports?.map(each => each.containerPort).join(' ')}\n`);
  });

  test('each probe asks what the management port answers', async () => {
    const [container] = server.spec.containers;
    const state = { hasStarted: true, readiness: async () => ({ status: 'ok' as const, checks: {} }) };
    const listener = managementListener(state, { contentType: 'text/plain', text: async () => '' });
    const statusOf = (path: string): Promise<number> =>
      new Promise(resolve => {
        const response = { writeHead: (status: number) => resolve(status), end: () => {}, destroy: () => {} };
        listener({ method: 'GET', url: path, headers: {} } as never, response as never);
      });
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
      name => (container?.[name] as { httpGet: { path: string; port: string } } | undefined)?.httpGet,
    );
    expect(probes).toEqual([
      { path: '/startupz', port: 'management' },
      { path: '/healthz', port: 'management' },
      { path: '/readyz', port: 'management' },
    ]);
    expect(
      await Promise.all([...probes.map(probe => probe?.path ?? ''), '/metrics', '/elsewhere'].map(statusOf)),
    ).toEqual([200, 200, 200, 200, 404]);
  });

  test('a pod is not killed before its server has ended', () => {
    const { terminationGracePeriodSeconds = 30 } = server.spec;
    const delay = table.drainDelay.check.parse(configured['SALLYPORT_DRAIN_DELAY']);
    expect(delay).toBeGreaterThan(0);
    expect(terminationGracePeriodSeconds * 1000).toBeGreaterThan(delay + grace + lastWrites);
  });

  test('commands of Jobs exist', async () => {
    const commands = (renders[0]?.[1] ?? []).flatMap(object => {
      const args = podOf(object)?.spec.containers[0]?.args;
      return args === undefined ? [] : [args];
    });
    expect(commands).toEqual([
      ['cli/index.ts', 'keys', 'rotate'],
      ['cli/index.ts', 'migrate'],
    ]);
    for (const [file, ...args] of commands) {
      const help = start(file as 'cli/index.ts', [...args, '--help'], { cwd: root });
      expect([await help.ended, help.said.out]).toEqual([0, expect.stringContaining(`sallyport ${args.join(' ')}`)]);
    }
  });
});
