/**
 * Reads a policy from its file (YAML 1.2), and reports all mistakes together. `docs/policy.md` describes the form:
 *
 *   networks:  { NAME: [range, …] }           defaults:  { acr, mfa_max_age, factors, consent }
 *   rules:     [{ name, when, require or deny, because }]
 *   tests:     [{ name, given, expect }]
 */
import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { sha256 } from '../crypto.ts';
import { fileForm, type FileForm, type TestForm } from './file-form.ts';
import { rangeIn, type Networks } from './networks.ts';
import type { Conditions, Policy, Requirement, Rule } from './policy.ts';
import { minutesIn, type TimeWindow } from './time-window.ts';

/** A policy, and the tests that its file holds. */
export interface PolicyFile {
  readonly policy: Policy;
  readonly tests: readonly TestForm[];
}

/** One mistake. `at`: the member and its line, such as `rules[2].when (line 14)`. */
export interface PolicyFault {
  readonly at: string;
  readonly got: string;
  readonly expected: string;
}

type Read =
  | { readonly ok: true; readonly file: PolicyFile }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** Aliases that are followed. A small file could otherwise unfold to billions of values. */
const maxAliasCount = 100;

/** Reads the text of a policy file. */
export const readPolicy = (text: string): Read => {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(({ pos, code }) => ({
    at: `line ${lines.linePos(pos[0]).line}`,
    got: `YAML with the mistake ${code}`,
    expected: 'YAML 1.2',
  }));
  if (broken.length > 0) return { ok: false, faults: broken };
  const value = valueOf(document);
  if (value === undefined) {
    const expected = `a map, with ${maxAliasCount} aliases or less`;
    return { ok: false, faults: [{ at: 'the file', got: 'another value', expected }] };
  }
  const read = fileForm.safeParse(value);
  if (read.success) return { ok: true, file: toFile(read.data, text) };
  const place = placesIn(document, lines);
  return {
    ok: false,
    faults: read.error.issues.flatMap(issue => {
      const expected = issue.message;
      if (issue.code !== 'unrecognized_keys') return { at: place(issue.path), got: shown(value, issue.path), expected };
      return issue.keys.map(name => ({
        at: place([...issue.path, name]),
        got: `the member ${quoted(name)}`,
        expected,
      }));
    }),
  };
};

/** The whole value; undefined: it is no map, or unfolds to too much. */
const valueOf = (document: Document): object | undefined => {
  if (!isMap(document.contents)) return undefined;
  try {
    const value: unknown = document.toJS({ maxAliasCount });
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
};

type Path = readonly PropertyKey[];

/** Names a member, with the line of the nearest value that the file has. */
const placesIn =
  (document: Document, lines: LineCounter) =>
  (path: Path): string => {
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

const quoted = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

const shown = (value: unknown, path: Path): string =>
  quoted(
    path.reduce<unknown>(
      (of, each) =>
        typeof of === 'object' && of !== null && Object.hasOwn(of, each) ? Reflect.get(of, each) : undefined,
      value,
    ),
  );

const toFile = ({ networks = {}, defaults = {}, rules = [], tests = [] }: FileForm, text: string): PolicyFile => ({
  policy: {
    version: sha256(text).slice(0, 10),
    networks: networksIn(networks),
    defaults: requirementOf(defaults),
    rules: rules.map(toRule),
  },
  tests,
});

const networksIn = (networks: NonNullable<FileForm['networks']>): Networks =>
  new Map(Object.entries(networks).map(([name, ranges]) => [name, ranges.flatMap(range => maybe(rangeIn(range)))]));

const maybe = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

const requirementOf = ({ acr, mfa_max_age: mfaMaxAge, factors, consent }: RequireForm): Requirement => ({
  ...(acr !== undefined && { acr }),
  ...(mfaMaxAge !== undefined && { mfaMaxAge }),
  ...(factors !== undefined && { factors }),
  ...(consent === true && { consent }),
});

type RequireForm = NonNullable<FileForm['defaults']>;
type RuleForm = NonNullable<FileForm['rules']>[number];
type WhenForm = NonNullable<RuleForm['when']>;

const toRule = ({ name, when: { not = {}, ...when } = {}, require, deny, because }: RuleForm): Rule => ({
  name,
  when: conditionsOf(when),
  unless: conditionsOf(not),
  requires: requirementOf(require ?? {}),
  ...(deny !== undefined && { denies: deny }),
  ...(because !== undefined && { because }),
});

const conditionsOf = ({ clients, groups, networks, time }: Omit<WhenForm, 'not'>): Conditions => ({
  ...(clients !== undefined && { clients }),
  ...(groups !== undefined && { groups }),
  ...(networks !== undefined && { networks }),
  ...(time !== undefined && { time: windowOf(time) }),
});

const windowOf = ({ zone, days, from, to }: NonNullable<WhenForm['time']>): TimeWindow => ({
  zone,
  days,
  from: minutesIn(from) ?? 0,
  to: minutesIn(to) ?? 0,
});
