/** Makes objects of kustomize and of Helm comparable: both say the same in different ways. */
import { podOf, settingsOf, type KubernetesObject } from './objects.ts';

/** Without the hash that kustomize adds to the name of a ConfigMap, so that a change of it starts new pods. */
const withoutHash = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replaceAll(/"(sallyport(?:-clients)?)-[2456789bcdfghkmt]{10}"/g, '"$1"')) as T;

/** What Helm needs to order and to replace objects, and by what it starts new pods. */
const isOfHelm = (name: string): boolean =>
  name.startsWith('helm.sh/') || name === 'sallyport/settings' || name === 'sallyport/clients';

/** Volumes and their mounts mean the same in any order. */
const orderless: ReadonlySet<string> = new Set(['volumes', 'volumeMounts']);
const nameOf = (item: unknown): string => JSON.stringify(item, ['name']);

const cleaned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (key === 'annotations') {
        const rest = Object.entries(inner as object).filter(([name]) => !isOfHelm(name));
        return rest.length === 0 ? [] : [[key, Object.fromEntries(rest)]];
      }
      if (orderless.has(key) && Array.isArray(inner)) {
        return [[key, cleaned(inner.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b))))]];
      }
      // The namespace comes from the command line of Helm. That of the Gateway belongs to a reference.
      return key === 'namespace' && 'labels' in value ? [] : [[key, cleaned(inner)]];
    }),
  );
};

/** Objects by kind and name. Each container has its settings, wherever they come from. */
export const normalised = (objects: readonly KubernetesObject[]): Readonly<Record<string, unknown>> => {
  const plain = withoutHash(objects);
  return Object.fromEntries(
    plain.map(object => {
      const pod = podOf(object);
      const settings = pod && settingsOf(pod, plain);
      const text = JSON.stringify(cleaned(object), (key, value: unknown) =>
        settings !== undefined && (key === 'env' || key === 'envFrom') ? undefined : value,
      );
      return [`${object.kind}/${object.metadata.name}`, { object: JSON.parse(text) as unknown, settings }];
    }),
  );
};
