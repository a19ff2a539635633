/** Defines the form of a policy file as a zod schema. Each message completes "expected …". */
import * as z from 'zod';
import { factorTypes } from '../factor-types.ts';
import { acrs } from '../mfa/assurance.ts';
import { rangeIn } from './networks.ts';
import { longestText, sentences, shortText } from '../yaml-form.ts';
import { valueAt } from '../yaml.ts';
import { days, isTimeZone, minutesIn } from './time-window.ts';

const most = { rules: 100, networks: 100, ranges: 1000, texts: 100, tests: 500, age: 31_536_000 } as const;

/** A map with these members and no others. */
const map = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: `a map with no other members than ${Object.keys(shape).join(', ')}` });

const isDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** One or more of `item`, each once. */
const some = <Item extends z.ZodType>(item: Item, expected: string, longest: number = most.texts) =>
  z
    .array(item, { error: expected })
    .min(1, expected)
    .max(longest, `${longest} or less`)
    .refine(isDistinct, 'each of them once');

const nameExpected = 'a name of 1 to 40 lower case letters, digits and hyphens';
const name = z.string({ error: nameExpected }).regex(/^[a-z0-9][a-z0-9-]{0,39}$/, nameExpected);
const flag = z.literal(true, { error: 'true, or no such member' });
const acrExpected = `one of ${acrs.join(', ')}`;
const acr = z.enum(acrs, { error: acrExpected });
const factors = some(z.enum(factorTypes, { error: `one of ${factorTypes.join(', ')}` }), 'a list of factors');
const ageExpected = `a number of seconds from 0 to ${most.age}`;
const age = z.int({ error: ageExpected }).min(0, ageExpected).max(most.age, ageExpected);

const rangeExpected = 'an address or a range such as 192.0.2.0/24 or 2001:db8::/32, without bits after its prefix';
const range = z
  .string({ error: rangeExpected })
  .max(longestText, rangeExpected)
  .refine(each => rangeIn(each) !== undefined, rangeExpected);

const hourExpected = "a time from '00:00' to '24:00'";
const hour = z.string({ error: hourExpected }).refine(each => minutesIn(each) !== undefined, hourExpected);
const zoneExpected = 'the name of a time zone, such as Europe/Berlin';
const time = map({
  zone: z.string({ error: zoneExpected }).max(longestText, zoneExpected).refine(isTimeZone, zoneExpected),
  days: some(z.enum(days, { error: `one of ${days.join(', ')}` }), 'a list of days').default([...days]),
  from: hour.default('00:00'),
  to: hour.default('24:00'),
});

const conditions = {
  clients: some(shortText, 'a list of client ids').optional(),
  groups: some(shortText, 'a list of groups').optional(),
  networks: some(name, 'a list of networks').optional(),
  time: time.optional(),
};
const when = map({ ...conditions, not: map(conditions).optional() });

const requirement = {
  acr: acr.optional(),
  mfa_max_age: age.optional(),
  factors: factors.optional(),
  consent: flag.optional(),
};

const rule = map({
  name,
  when: when.optional(),
  require: map(requirement)
    .refine(each => Object.keys(each).length > 0, 'something that is required')
    .optional(),
  deny: sentences.optional(),
  because: sentences.optional(),
}).refine(each => (each.require === undefined) !== (each.deny === undefined), 'either require or deny');

const momentExpected = "a time with its offset, such as '2026-11-30T09:00:00+01:00'";

const test = map({
  name: shortText,
  given: map({
    person: map({
      groups: some(shortText, 'a list of groups').optional(),
      has_method: z.boolean({ error: 'true or false' }).optional(),
      break_glass: flag.optional(),
    }).optional(),
    client: z
      .union([shortText, map({ id: shortText, ...requirement })], {
        error: 'the id of a client, or a map with id, acr, mfa_max_age, factors',
      })
      .optional(),
    address: z
      .string({ error: 'an address' })
      .refine(each => rangeIn(each) !== undefined && !each.includes('/'), 'an address')
      .optional(),
    at: z
      .string({ error: momentExpected })
      .refine(each => z.iso.datetime({ offset: true }).safeParse(each).success, momentExpected)
      .optional(),
    request: map({ acr: acr.optional(), prompt: z.literal('mfa', { error: 'mfa' }).optional() }).optional(),
  }).default({}),
  expect: map({
    acr: acr.optional(),
    mfa_max_age: age.optional(),
    factors: factors.optional(),
    consent: z.boolean({ error: 'true or false' }).optional(),
    denied: z.union([z.literal(false), name], { error: 'the name of a rule, or false' }).optional(),
    rules: z.array(name, { error: 'a list of rules' }).max(most.rules).optional(),
  }).refine(each => Object.keys(each).length > 0, 'something to compare'),
});

/** The form of the whole file. */
export const fileForm = map({
  networks: z
    .record(name, some(range, 'a list of ranges', most.ranges), { error: 'a map of names to lists of ranges' })
    .refine(each => Object.keys(each).length <= most.networks, `${most.networks} networks or less`)
    .optional(),
  defaults: map(requirement).optional(),
  rules: z
    .array(rule, { error: 'a list of rules' })
    .max(most.rules, `${most.rules} rules or less`)
    .refine(all => isDistinct(all.map(each => each.name)), 'each name of a rule once')
    .optional(),
  tests: z.array(test, { error: 'a list of tests' }).max(most.tests, `${most.tests} tests or less`).optional(),
}).superRefine(checkNames, { when: () => true });

export type FileForm = z.output<typeof fileForm>;
export type TestForm = z.output<typeof test>;

/** Items of a value that may have other mistakes, which are reported together with those here. */
const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A name that means nothing is mostly a typing error, which would leave a rule without effect. */
function checkNames(file: unknown, context: z.RefinementCtx): void {
  const [rules, tests] = [itemsOf(valueAt(file, ['rules'])), itemsOf(valueAt(file, ['tests']))];
  const networks = valueAt(file, ['networks']);
  const known = typeof networks === 'object' && networks !== null ? Object.keys(networks) : [];
  const names = new Set(rules.map(each => valueAt(each, ['name'])));
  const refuse = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  for (const [at, one] of rules.entries()) {
    for (const place of [
      ['when', 'networks'],
      ['when', 'not', 'networks'],
    ]) {
      for (const [index, network] of itemsOf(valueAt(one, place)).entries()) {
        if (known.some(each => each === network)) continue;
        refuse(['rules', at, ...place, index], `one of ${known.join(', ') || 'the networks of this file'}`);
      }
    }
  }
  const hasTimes = rules.some(
    each => valueAt(each, ['when', 'time']) !== undefined || valueAt(each, ['when', 'not', 'time']) !== undefined,
  );
  for (const [at, each] of tests.entries()) {
    if (hasTimes && valueAt(each, ['given', 'at']) === undefined) refuse(['tests', at, 'given', 'at'], momentExpected);
    for (const [index, named] of itemsOf(valueAt(each, ['expect', 'rules'])).entries()) {
      if (!names.has(named)) refuse(['tests', at, 'expect', 'rules', index], 'the name of a rule');
    }
    const denied = valueAt(each, ['expect', 'denied']);
    if (typeof denied === 'string' && !names.has(denied)) {
      refuse(['tests', at, 'expect', 'denied'], 'the name of a rule, or false');
    }
  }
}
