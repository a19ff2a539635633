/** Reads a file of the operator in YAML 1.2, with bounded work, and says where in it a value is. */
import type * as Yaml from 'yaml';
import { lazily } from './lazily.ts';

/** Most processes read no such file, and the package has 70 modules. */
const yaml = lazily<typeof Yaml>('yaml');

/** One mistake in a file. `at`: the member and its line, such as `rules[2].when (line 14)`. */
export interface FileFault {
  readonly at: string;
  readonly got: string;
  readonly expected: string;
}

/** Names of members and numbers of items, from the outermost one. */
export type ValuePath = readonly PropertyKey[];

/** `place` gives the `at` of a fault. */
export type ReadYaml =
  | { readonly ok: true; readonly value: object; readonly place: (path: ValuePath) => string }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Aliases that are followed. A small file could otherwise unfold to billions of values. */
const maxAliasCount = 100;

/** The map that the text holds, or the mistakes of its form. The caller limits the length of the text. */
export const readYaml = (text: string): ReadYaml => {
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(({ pos, code }) => ({
    at: `line ${lines.linePos(pos[0]).line}`,
    got: `YAML with the mistake ${code}`,
    expected: 'YAML 1.2',
  }));
  if (broken.length > 0) return { ok: false, faults: broken };
  const value = valueOf(document);
  if (value !== undefined) return { ok: true, value, place: placesIn(document, lines) };
  const expected = `a map, with ${maxAliasCount} aliases or less`;
  return { ok: false, faults: [{ at: 'the file', got: 'another value', expected }] };
};

/** The whole value; undefined: it is no map, or unfolds to too much. */
const valueOf = (document: Yaml.Document): object | undefined => {
  if (!yaml().isMap(document.contents)) return undefined;
  try {
    const value: unknown = document.toJS({ maxAliasCount });
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
};

/** Names a member, with the line of the nearest value that the file has. */
const placesIn =
  (document: Yaml.Document, lines: Yaml.LineCounter) =>
  (path: ValuePath): string => {
    const name = path.reduce<string>(
      (before, each) => (typeof each === 'number' ? `${before}[${each}]` : before + (before && '.') + String(each)),
      '',
    );
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      const start = rangeStart(node);
      if (start !== undefined) return `${name || 'the file'} (line ${lines.linePos(start).line})`;
    }
    return name;
  };

const rangeStart = (node: unknown): number | undefined => {
  const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === 'number' ? start : undefined;
};

/** The value at a place; undefined: there is none. Inherited members are none. */
export const valueAt = (value: unknown, path: ValuePath): unknown =>
  path.reduce<unknown>(
    (of, each) =>
      typeof of === 'object' && of !== null && Object.hasOwn(of, each) ? Reflect.get(of, each) : undefined,
    value,
  );

/** A value of a file in a fault, of bounded length. */
export const quotedValue = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
