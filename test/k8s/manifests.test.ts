/**
 * Checks what an operator applies, without a cluster: the rendered objects are valid, safe and belong together, and the chart makes the
 * same ones as kustomize.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { normalised } from './support/normalised.ts';
import {
  folder,
  kustomized,
  mistakesOf,
  podOf,
  templated,
  type KubernetesObject,
  type PodTemplate,
} from './support/objects.ts';
import { violationsOf } from './support/pod-security.ts';
import { run, withPrograms } from './support/programs.ts';

const evaluation = ['-f', join(folder, 'chart/values-evaluation.yaml')];

type Labels = Readonly<Record<string, string>>;

/** The labels that a Service, a workload or a policy selects; undefined for an object that selects nothing. */
const selectorIn = (spec: unknown): Labels | undefined => {
  const { selector, podSelector } = (spec ?? {}) as Readonly<
    Record<'selector' | 'podSelector', (Labels & { readonly matchLabels?: Labels }) | undefined>
  >;
  return podSelector?.matchLabels ?? selector?.matchLabels ?? selector;
};

/** The pods that objects make, each with the name of its object. */
const podsOf = (objects: readonly KubernetesObject[]): readonly (readonly [string, PodTemplate])[] =>
  objects.flatMap(object => {
    const pod = podOf(object);
    return pod === undefined ? [] : [[`${object.kind}/${object.metadata.name}`, pod] as const];
  });

withPrograms('objects for Kubernetes', () => {
  let copy: string;
  const clients = { '10-shop.yaml': 'clients:\n  shop:\n    redirect_uris: [https://shop.example.com/callback]\n' };
  let all: Readonly<Record<string, readonly KubernetesObject[]>>;
  const of = (name: string): readonly KubernetesObject[] => all[name] ?? [];
  const find = (name: string, kind: string): KubernetesObject => {
    const found = of(name).find(each => each.kind === kind && each.metadata.name === 'sallyport');
    if (found === undefined) throw new Error(`${name} has no ${kind}`);
    return found;
  };

  beforeAll(async () => {
    // An overlay with another route and with monitoring is made as the documentation says.
    copy = await mkdtemp(join(tmpdir(), 'sallyport-k8s-'));
    cpSync(folder, copy, { recursive: true });
    const other = join(copy, 'overlays/production');
    const file = join(other, 'kustomization.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('- ../../components/gateway', '- ../../components/ingress'));
    run('kustomize', ['edit', 'add', 'component', '../../chart/monitoring'], '', other);
    // One with clients in files is made as the documentation says, too.
    const declaring = join(copy, 'overlays/declaring');
    cpSync(join(folder, 'overlays/production'), declaring, { recursive: true });
    mkdirSync(join(declaring, 'clients.d'));
    for (const [name, text] of Object.entries(clients)) writeFileSync(join(declaring, 'clients.d', name), text);
    run('kustomize', ['edit', 'add', 'component', '../../components/clients'], '', declaring);
    const adding = ['edit', 'add', 'configmap', 'sallyport-clients', '--from-file=clients.d/10-shop.yaml'];
    run('kustomize', adding, '', declaring);
    const values = join(copy, 'clients.json');
    writeFileSync(values, JSON.stringify({ clients }));
    all = {
      'overlays/production with clients': kustomized(declaring),
      'chart with clients': templated('-f', values),
      'overlays/production': kustomized(join(folder, 'overlays/production')),
      'overlays/evaluation': kustomized(join(folder, 'overlays/evaluation')),
      'overlays/production with ingress and monitoring': kustomized(other),
      chart: templated(),
      'chart for evaluation': templated(...evaluation),
      'chart with ingress and monitoring': templated('--set', 'route.kind=ingress,monitoring.enabled=true'),
    };
  }, 60_000);
  afterAll(async () => rm(copy, { recursive: true }));

  test('all are valid by the schemas of Kubernetes, without an unknown field', () => {
    expect(mistakesOf(Object.values(all).flat())).toEqual([]);
    expect(
      of('overlays/production with ingress and monitoring')
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual([
      'ConfigMap',
      'ConfigMap',
      'CronJob',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'Job',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'PrometheusRule',
      'Service',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
    ]);
  }, 60_000);

  test('a misspelled field, a missing one and an unknown kind are found', () => {
    const service = find('chart', 'Service');
    const route = of('chart').find(({ kind }) => kind === 'HTTPRoute');
    expect(
      mistakesOf([
        { ...service, spec: { ...(service['spec'] as object), selectors: {} } },
        { ...find('chart', 'Deployment'), spec: {} },
        { ...service, kind: 'Servise' },
        { ...(route ?? service), spec: { hostname: 'login.example.com' } },
      ]),
    ).toEqual([
      expect.stringContaining('selectors'),
      expect.stringContaining("'selector' is a required property"),
      expect.stringContaining("Couldn't find schema for kind Servise"),
      expect.stringContaining('HTTPRoute/sallyport'),
    ]);
  });

  test.each([
    ['overlays/production', 'chart'],
    ['overlays/evaluation', 'chart for evaluation'],
    ['overlays/production with clients', 'chart with clients'],
    ['overlays/production with ingress and monitoring', 'chart with ingress and monitoring'],
  ])('%s and the %s are the same', (overlay, chart) => {
    expect(Object.keys(normalised(of(overlay))).length).toBeGreaterThan(9);
    expect(normalised(of(chart))).toEqual(normalised(of(overlay)));
  });

  test('a namespace with the Pod Security level "restricted" takes every pod', () => {
    const broken = Object.entries(all).flatMap(([name, objects]) =>
      podsOf(objects).flatMap(([pod, template]) => violationsOf(template).map(what => `${name} ${pod}: ${what}`)),
    );
    expect(broken).toEqual([]);
  });

  test('pods that break that level are found', () => {
    const pod = podOf(find('chart', 'Deployment'));
    if (pod === undefined) throw new Error('no pod');
    const [container] = pod.spec.containers;
    if (container === undefined) throw new Error('no container');
    const change = (spec: object) => violationsOf({ ...pod, spec: { ...pod.spec, ...spec } });
    expect(change({ securityContext: {} })).toEqual(['runAsNonRoot', 'seccompProfile']);
    expect(change({ hostNetwork: true, volumes: [{ name: 'host', hostPath: { path: '/' } }] })).toEqual([
      'hostNetwork',
      'volume host',
    ]);
    expect(change({ containers: [{ ...container, securityContext: { privileged: true } }] })).toEqual([
      'allowPrivilegeEscalation',
      'privileged',
      'capabilities.drop',
    ]);
    expect(change({ initContainers: [{ ...container, securityContext: {} }] })).toEqual([
      'allowPrivilegeEscalation',
      'capabilities.drop',
    ]);
  });

  test('no pod has a token of Kubernetes, variables of Services, or files that it can write', () => {
    for (const [name, pod] of Object.values(all).flatMap(podsOf)) {
      const { automountServiceAccountToken, enableServiceLinks, containers } = pod.spec;
      expect([name, automountServiceAccountToken, enableServiceLinks]).toEqual([name, false, false]);
      expect(containers.map(({ securityContext }) => securityContext?.readOnlyRootFilesystem)).toEqual([true]);
    }
  });

  test('each Service, budget and autoscaler is about one workload, and each policy about its pods', () => {
    for (const [name, objects] of Object.entries(all)) {
      const pods = podsOf(objects);
      for (const { kind, metadata, spec } of objects) {
        const selector = selectorIn(spec);
        if (selector === undefined || kind === 'ServiceMonitor') continue;
        const fitting = pods.filter(([, pod]) =>
          Object.entries(selector).every(([key, value]) => pod.metadata.labels[key] === value),
        );
        const ours = pods.filter(([, pod]) => pod.metadata.labels['app.kubernetes.io/name'] === 'sallyport');
        const isAboutAll = kind === 'NetworkPolicy' && metadata.name === 'sallyport';
        expect([name, kind, fitting.length]).toEqual([name, kind, isAboutAll ? ours.length : 1]);
      }
    }
    expect(find('chart', 'HorizontalPodAutoscaler')).toMatchObject({
      spec: { scaleTargetRef: { kind: 'Deployment', name: find('chart', 'Deployment').metadata.name } },
    });
  });

  test('metrics are read through the Service of the management port', () => {
    const objects = of('chart with ingress and monitoring');
    const service = objects.find(({ metadata }) => metadata.name === 'sallyport-management');
    expect(service).toMatchObject({ spec: { ports: [{ name: 'management', targetPort: 'management' }] } });
    const { spec } = find('chart with ingress and monitoring', 'ServiceMonitor');
    expect(spec).toMatchObject({
      selector: { matchLabels: service?.metadata.labels },
      endpoints: [{ port: 'management', path: '/metrics' }],
    });
    // The alerts name this job.
    expect(JSON.stringify(find('chart with ingress and monitoring', 'PrometheusRule'))).toContain(
      'job=\\"sallyport-management\\"',
    );
  });

  test('no object holds a secret', () => {
    for (const objects of Object.values(all)) {
      expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
      for (const { data } of objects.filter(({ kind }) => kind === 'ConfigMap')) {
        expect(Object.keys(data as object).filter(name => /KEYS?$|TOKENS?$|PASSWORD/.test(name))).toEqual([]);
        expect(JSON.stringify(data)).not.toMatch(/:\/\/[^/"]*@/);
      }
    }
  });

  test('images have a tag, none is "latest", and a digest can take its place', () => {
    const images = Object.values(all)
      .flatMap(podsOf)
      .flatMap(([, pod]) => pod.spec.containers.map(({ image }) => image));
    expect(images.filter(image => !/:(?!latest$)[\w.-]+$/.test(image))).toEqual([]);
    const digest = `sha256:${'0'.repeat(64)}`;
    const pinned = templated('--set', `image.digest=${digest}`).flatMap(each => podOf(each)?.spec.containers ?? []);
    expect(new Set(pinned.map(({ image }) => image))).toEqual(new Set([`registry.example.com/sallyport@${digest}`]));
  });
});

withPrograms('values of the chart', () => {
  test('the chart has no mistake that Helm finds', () => {
    expect(run('helm', ['lint', '--strict', join(folder, 'chart')])).toContain('0 chart(s) failed');
  });

  describe('are refused where', () => {
    test.each([
      ['a name is misspelled', ['--set', 'autoscalling.enabled=true'], 'autoscalling'],
      ['a route is unknown', ['--set', 'route.kind=nodeport'], '/route/kind'],
      ['a setting is no text', ['--set', 'config.SALLYPORT_INVITATIONS=false'], '/config/SALLYPORT_INVITATIONS'],
      ['a setting has no name of ours', ['--set-string', 'config.ISSUER=x'], "'ISSUER' does not match"],
      [
        'a key that seals is no secret',
        ['--set-string', 'config.SALLYPORT_SEALING_KEYS=x'],
        "'SALLYPORT_SEALING_KEYS'",
      ],
      ['an address has a password', ['--set-string', 'config.REDIS_URL=redis://:p@h'], '/config/REDIS_URL'],
      ['a file of clients is no YAML', ['--set-string', 'clients.shop=x'], "'shop' does not match"],
      ['a digest is none', ['--set', 'image.digest=abc'], '/image/digest'],
    ])('%s', (_, args, said) => {
      expect(() => templated(...args)).toThrow(said);
    });
  });
});
