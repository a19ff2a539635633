/** Runs the tests that a policy file holds: given this person, client, address, time and request, expect this. */
import { decide } from './decide.ts';
import type { TestForm } from './file-form.ts';
import type { Decision, Facts } from './policy.ts';
import type { PolicyFile } from './read.ts';

/** What came of one test. `differences`: "acr: got mfa, expected aal2"; empty where it passed. */
export interface TestResult {
  readonly name: string;
  readonly differences: readonly string[];
}

/** Runs all tests. The server itself requires no level in them: a file is tested without the settings of an installation. */
export const runTests = ({ policy, tests }: PolicyFile): readonly TestResult[] =>
  tests.map(({ name, given, expect }) => ({
    name,
    differences: differencesIn(decide(policy, factsIn(given)), expect),
  }));

/** Some moment, for files without rules about time: in those a test must name one. */
const anyTime = '2026-01-01T12:00:00Z';

const factsIn = ({ person, client, address, at = anyTime, request }: TestForm['given']): Facts => {
  const { groups = [], has_method: hasMethod = false, break_glass: isExempt } = person ?? {};
  const {
    id,
    mfa_max_age: mfaMaxAge,
    acr,
    factors,
    consent,
  } = typeof client === 'string' ? { id: client } : (client ?? { id: '' });
  return {
    server: 'sfa',
    ...(client !== undefined && {
      client: {
        id,
        ...(acr !== undefined && { acr }),
        ...(mfaMaxAge !== undefined && { mfaMaxAge }),
        ...(factors !== undefined && { factors }),
        ...(consent !== undefined && { consent }),
      },
    }),
    request: { acr: request?.acr ?? (request?.prompt === 'mfa' ? 'mfa' : 'sfa') },
    ...(person !== undefined && { person: { groups, hasMethod, ...(isExempt === true && { isExempt }) } }),
    ...(address !== undefined && { address }),
    at: Date.parse(at),
  };
};

const differencesIn = ({ required, trace }: Decision, expected: TestForm['expect']): readonly string[] => {
  const applying = trace.sources.flatMap(({ source, not }) =>
    not === undefined && source.startsWith('rule ') ? [source.slice('rule '.length)] : [],
  );
  const compared: readonly (readonly [member: string, got: unknown, wanted: unknown])[] = [
    ['acr', required.acr, expected.acr],
    ['mfa_max_age', required.mfaMaxAge, expected.mfa_max_age],
    ['factors', sorted(required.factors), sorted(expected.factors)],
    ['consent', required.consent, expected.consent],
    ['denied', required.denied?.rule ?? false, expected.denied],
    ['rules', sorted(applying), sorted(expected.rules)],
  ];
  return compared.flatMap(([member, got, wanted]) =>
    wanted === undefined || said(got) === said(wanted) ? [] : [`${member}: got ${said(got)}, expected ${said(wanted)}`],
  );
};

const sorted = (texts: readonly string[] | undefined): readonly string[] | undefined =>
  texts?.toSorted((a, b) => a.localeCompare(b));
const said = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
