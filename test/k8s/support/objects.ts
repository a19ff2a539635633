/** Renders the objects of overlays and of the chart, and checks them. */
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { run } from './programs.ts';

export const folder = join(import.meta.dirname, '../../../k8s');

/** Any object of Kubernetes. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The objects in a text of YAML 1.1, which Kubernetes reads. */
export const objectsIn = (text: string): readonly KubernetesObject[] =>
  parseAllDocuments(text, { version: '1.1' })
    .map(document => document.toJS() as KubernetesObject | null)
    .filter(each => each !== null);

/** What `kustomize build` makes of a folder. */
export const kustomized = (path: string): readonly KubernetesObject[] => objectsIn(run('kustomize', ['build', path]));

/** What `helm template` makes of the chart with these further arguments. */
export const templated = (...args: readonly string[]): readonly KubernetesObject[] =>
  objectsIn(run('helm', ['template', 'sallyport', join(folder, 'chart'), ...args]));

/** The mistakes of objects, strictly by Kubernetes' schemas; of custom resources by ours. */
export const mistakesOf = (objects: readonly KubernetesObject[]): readonly string[] =>
  run(
    'python',
    [join(import.meta.dirname, 'validate.py'), join(import.meta.dirname, '../../data/kubernetes')],
    JSON.stringify(objects),
  )
    .split('\n')
    .filter(line => line !== '');

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly privileged?: boolean;
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  };
  readonly [field: string]: unknown;
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
    readonly automountServiceAccountToken?: boolean;
    readonly enableServiceLinks?: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext?: Readonly<Record<string, unknown>>;
    readonly volumes?: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
    readonly [field: string]: unknown;
  };
}

/** The template of the pods that an object makes; undefined for one that makes none. */
export const podOf = ({ kind, spec }: KubernetesObject): PodTemplate | undefined => {
  if (kind === 'CronJob') {
    return (spec as { jobTemplate: { spec: { template: PodTemplate } } }).jobTemplate.spec.template;
  }
  return ['Deployment', 'StatefulSet', 'Job'].includes(kind) ? (spec as { template: PodTemplate }).template : undefined;
};

/** The values of the ConfigMap that an object's containers read, and their own. */
export const settingsOf = (
  pod: PodTemplate,
  objects: readonly KubernetesObject[],
): Readonly<Record<string, string>> => {
  const [{ env = [], envFrom = [] } = {}] = pod.spec.containers;
  const maps = envFrom.map(({ configMapRef }) =>
    objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef.name),
  );
  return Object.assign(
    {},
    ...maps.map(map => map?.['data'] as Record<string, string>),
    Object.fromEntries(env.map(({ name, value }) => [name, value])),
  ) as Record<string, string>;
};
