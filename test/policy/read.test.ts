/** Tests how a policy file is read: all mistakes at once, each with its place. */
import { expect, test } from '@jest/globals';
import { readPolicy } from '../../src/policy/read.ts';
import { policyIn } from './support/policy-in.ts';

const faultsIn = (text: string): readonly string[] => {
  const read = readPolicy(text);
  return read.ok ? [] : read.faults.map(({ at, got, expected }) => `${at}: got ${got}, expected ${expected}`);
};

test('all mistakes are reported, with member and line', () => {
  const text = `
networks:
  office: [192.0.2.7/24]
rules:
  - name: Night shift
    when: { networks: [offcie], groups: [] }
    require: { acr: gold, factors: [totp, totp] }
  - name: both
    require: { acr: mfa }
    deny: { en: Not now. }
    becuase: { en: typing error }
`;
  expect(faultsIn(text)).toMatchInlineSnapshot(`
[
  "networks.office[0] (line 3): got "192.0.2.7/24", expected an address or a range such as 192.0.2.0/24 or 2001:db8::/32, without bits after its prefix",
  "rules[0].name (line 5): got "Night shift", expected a name of 1 to 40 lower case letters, digits and hyphens",
  "rules[0].when.groups (line 6): got [], expected a list of groups",
  "rules[0].require.acr (line 7): got "gold", expected one of sfa, mfa, aal2, phr",
  "rules[0].require.factors (line 7): got ["totp","totp"], expected each of them once",
  "rules[1].becuase (line 11): got the member "becuase", expected a map with no other members than name, when, require, deny, because",
  "rules[1] (line 8): got {"name":"both","require":{"acr":"mfa"},"deny":{"en":"Not now…, expected either require or deny",
  "rules[0].when.networks[0] (line 6): got "offcie", expected one of office",
]
`);
});

test.each([
  [
    'two rules with one name',
    'rules: [{ name: a, require: { acr: mfa } }, { name: a, require: { acr: mfa } }]',
    /each name of a rule once/,
  ],
  [
    'an unknown network',
    'rules: [{ name: a, when: { not: { networks: [office] } }, require: { acr: mfa } }]',
    /one of the networks of this file/,
  ],
  ['a rule that does nothing', 'rules: [{ name: a }]', /either require or deny/],
  ['an empty requirement', 'rules: [{ name: a, require: {} }]', /something that is required/],
  ['a sentence without English', 'rules: [{ name: a, deny: { de: Nein. } }]', /rules\[0\]\.deny\.en \(line 1\)/],
  [
    'a time without its zone',
    'rules: [{ name: a, when: { time: { from: "08:00" } }, require: { acr: mfa } }]',
    /Europe\/Berlin/,
  ],
  [
    'an hour past midnight',
    'rules: [{ name: a, when: { time: { zone: UTC, to: "24:01" } }, require: { acr: mfa } }]',
    /24:00/,
  ],
  [
    'a test without a time, beside a rule with one',
    'rules: [{ name: a, when: { time: { zone: UTC } }, require: { acr: mfa } }]\ntests: [{ name: a, expect: { acr: mfa } }]',
    /tests\[0\]\.given\.at/,
  ],
  ['a test about an unknown rule', 'tests: [{ name: a, expect: { rules: [b] } }]', /the name of a rule/],
  [
    'a member of another prototype',
    'rules: [{ name: a, __proto__: { require: 1 }, require: { acr: mfa } }]',
    /no other members/,
  ],
  ['the same member twice', 'rules: []\nrules: []', /line 2: got YAML/],
  ['a list', '- a', /a map/],
  ['an empty file', '# nothing', /a map/],
  ['a tag that makes another type', 'rules: !!js/function "x"', /rules|YAML/],
])('%s is refused', (_title, text, expected) => {
  expect(faultsIn(text).join('\n')).toMatch(expected);
});

test('aliases that unfold to billions of values are refused before they do', () => {
  const levels = Array.from({ length: 12 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`);
  expect(faultsIn(['l0: &l0 [x]', ...levels].join('\n'))).toEqual([
    'the file: got another value, expected a map, with 100 aliases or less',
  ]);
});

test.each([
  '192.0.2.7/24',
  '192.0.2.0/33',
  '192.0.2',
  '::ffff:192.0.2.0/120',
  'fe80::1%eth0',
  '2001:db8::1/32',
  '010.0.0.1',
  '192.0.2.0/24/1',
  '192.0.2.0/',
  'office',
])('the range %s is refused', range => {
  expect(faultsIn(`networks: { office: ['${range}'] }`)).toHaveLength(1);
});

test('another text is another version, and a line break at its end is not', () => {
  const [one, changed, ended] = ['rules: []', 'rules: [] # changed', 'rules: []\n'].map(text => policyIn(text).version);
  expect(changed).not.toBe(one);
  expect(ended).toBe(one);
});
