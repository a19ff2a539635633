/** Follows docs/kubernetes.md as far as that is possible without a cluster: its files, and the commands of kustomize, Helm and OpenSSL. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { sealingKeys } from '../../src/config/checks/credentials.ts';
import {
  folder,
  kustomized,
  mistakesOf,
  objectsIn,
  podOf,
  templated,
  type KubernetesObject,
} from './support/objects.ts';
import { programPath, withPrograms } from './support/programs.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8');
const pages = page + readFileSync(join(root, 'docs/runbooks.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, block = '']) => block);
/** The one block with this text. @throws Error where there is none */
const block = (language: string, text: string): string => {
  const found = blocks(language).find(each => each.includes(text));
  if (found === undefined) throw new Error(`docs/kubernetes.md shows no ${text}`);
  return found;
};

/** The lines of a block for programs that are here. */
const runnable = (text: string): string =>
  text
    .replaceAll(/ \\\n\s*/g, ' ')
    .split('\n')
    .filter(line => !/^(?:kubectl|docker) /.test(line))
    .join('\n');

withPrograms('docs/kubernetes.md', () => {
  let place: string;
  const shell = (commands: string): string =>
    execFileSync('sh', ['-ec', commands], { cwd: place, env: { PATH: programPath, HOME: place }, encoding: 'utf8' });
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'sallyport-docs-'));
    cpSync(folder, join(place, 'k8s'), { recursive: true });
  });
  afterAll(async () => rm(place, { recursive: true }));

  test('an image by its digest takes the place of the tag', () => {
    const digest = '0'.repeat(64);
    shell(block('sh', 'kustomize edit set image').replace('DIGEST', digest));
    const images = kustomized(join(place, 'k8s/overlays/production')).flatMap(
      each => podOf(each)?.spec.containers ?? [],
    );
    expect(new Set(images.map(({ image }) => image))).toEqual(
      new Set([`registry.example.com/sallyport@sha256:${digest}`]),
    );
  });

  test('a copied overlay renders', () => {
    shell(block('sh', 'cp -r k8s/overlays/production'));
    const rendered = objectsIn(shell(block('sh', 'kustomize build k8s/overlays/mine')));
    expect(rendered.map(({ kind }) => kind)).toContain('Deployment');
  });

  test('what is applied first is enough for the migration', () => {
    const selected = kustomized(join(folder, 'overlays/production')).filter(({ metadata }) =>
      ['settings', 'migration'].includes(metadata.labels?.['app.kubernetes.io/component'] ?? ''),
    );
    expect(page).toContain(`-l 'app.kubernetes.io/component in (settings, migration)'`);
    expect(selected.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Job']);
    const pod = podOf(selected[1] as KubernetesObject);
    expect(pod?.spec.containers[0]?.envFrom).toEqual([{ configMapRef: { name: selected[0]?.metadata.name } }]);
    expect(pod?.spec['serviceAccountName']).toBeUndefined();
  });

  test('the Gateway and the values of the chart are valid', () => {
    expect(mistakesOf([parse(block('yaml', 'kind: Gateway')) as KubernetesObject])).toEqual([]);
    writeFileSync(join(place, 'my-values.yaml'), block('yaml', 'networkPolicy:'));
    const upgrade = block('sh', 'helm upgrade --install');
    // The same without a cluster.
    const template = upgrade.replace('upgrade --install', 'template').replace(' --wait', '');
    expect(objectsIn(shell(template)).length).toBe(templated().length);
  });

  test('the commands for secrets make what the Secret needs, and what Compose asks for', () => {
    shell(runnable(block('sh', '> sealing-keys)')));
    shell(runnable(block('sh', 'kubectl apply -k k8s/overlays/evaluation')));
    shell(runnable(block('sh', 'docker compose up')));
    for (const path of ['sealing-keys', '.compose/sealing-keys']) {
      const text = readFileSync(join(place, path), 'utf8').trim();
      expect([path, sealingKeys().safeParse(text).success]).toEqual([path, true]);
    }
    const { secrets } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
      secrets: Record<string, { file: string }>;
    };
    for (const { file } of Object.values(secrets)) expect(readFileSync(join(place, file)).length).toBeGreaterThan(40);
  });

  test('keys of the Secret are those that the pods read', () => {
    const made = [...page.matchAll(/--from-(?:file|literal)=([a-z-]+)/g)].map(([, key]) => key);
    const read = kustomized(join(folder, 'overlays/production'))
      .flatMap(({ kind, data }) => (kind === 'ConfigMap' ? Object.values(data as Record<string, string>) : []))
      .flatMap(value => /^\/run\/secrets\/sallyport\/(.+)$/.exec(value)?.[1] ?? []);
    expect(new Set(made)).toEqual(new Set(read));
  });

  test('objects that commands of the pages name exist', () => {
    const kinds = { deploy: 'Deployment', job: 'Job', cronjob: 'CronJob', hpa: 'HorizontalPodAutoscaler' } as const;
    const there = new Set(
      kustomized(join(folder, 'overlays/production')).map(({ kind, metadata }) => `${kind}/${metadata.name}`),
    );
    const named = [...pages.matchAll(/\b(deploy|job|cronjob|hpa)[/ ](sallyport[a-z-]*)/g)].map(
      ([, kind = 'deploy', name]) => `${kinds[kind as keyof typeof kinds]}/${name}`,
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(name => !there.has(name))).toEqual([]);
    const components = [...pages.matchAll(/component=([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(components)).toEqual(new Set(['server']));
  });
});
