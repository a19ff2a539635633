/**
 * Reads a policy from its file (YAML 1.2), and reports all mistakes together. `docs/policy.md` describes the form:
 *
 *   networks:  { NAME: [range, …] }           defaults:  { acr, mfa_max_age, factors, consent }
 *   rules:     [{ name, when, require or deny, because }]
 *   tests:     [{ name, given, expect }]
 */
import { sha256 } from '../crypto.ts';
import { readByForm, type FileValue } from '../yaml-form.ts';
import { fileForm, type FileForm, type TestForm } from './file-form.ts';
import { rangeIn, type Networks } from './networks.ts';
import type { Conditions, Policy, Requirement, Rule } from './policy.ts';
import { minutesIn, type TimeWindow } from './time-window.ts';

/** A policy, and the tests that its file holds. */
export interface PolicyFile {
  readonly policy: Policy;
  readonly tests: readonly TestForm[];
}

/** Reads the text of a policy file. */
export const readPolicy = (text: string): FileValue<PolicyFile> => {
  const read = readByForm(text, fileForm);
  return read.ok ? { ok: true, value: toFile(read.value, text) } : read;
};

const toFile = ({ networks = {}, defaults = {}, rules = [], tests = [] }: FileForm, text: string): PolicyFile => ({
  policy: {
    // Settings have no space around them: the file has the same version there and in `policy test`.
    version: sha256(text.trim()).slice(0, 10),
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
