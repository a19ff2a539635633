/** Decides what a sign-in must prove: the highest of everything that server, file, client, person and request require. */
import { highest, rank } from '../mfa/assurance.ts';
import { notApplying, type Situation } from './conditions.ts';
import { networksOf } from './networks.ts';
import type { Decision, Facts, SourceOutcome, Policy, Required, Requirement, Rule } from './policy.ts';

/** A source that has been looked at, before it is known which sources decide. */
type Found = Omit<SourceOutcome, 'decides'> & { readonly rule?: Rule };

/**
 * Decides. Each source that applies adds to what is required: the highest level, the shortest age, the factors that all of them
 * allow. No order of the rules changes the result, except which of several denials is named.
 */
export const decide = (policy: Policy, facts: Facts): Decision => {
  const networks = facts.address === undefined ? undefined : networksOf(policy.networks, facts.address);
  const found = [...ownSources(facts), ...fileSources(policy, { ...facts, networks })];
  const applying = found.filter(({ not }) => not === undefined);
  const required = requiredBy(applying, facts.client);
  return {
    required,
    trace: {
      version: policy.version,
      ...(networks !== undefined && { networks }),
      sources: found.map(({ rule, ...source }) => ({
        ...source,
        decides: source.not === undefined && isDeciding(source.requires, rule, required),
      })),
    },
  };
};

/** The sources beside the file. One that requires no more than a password is left out. */
const ownSources = ({ server, client, request, person }: Facts): readonly Found[] => {
  const { id: _id, isPortal: _isPortal, ...ofClient } = client ?? { id: '' };
  const sources: readonly Found[] = [
    { source: 'server', requires: { acr: server }, ...(person?.isExempt === true && { not: 'exempt' as const }) },
    { source: 'client', requires: ofClient },
    { source: 'request', requires: request },
    { source: 'person', requires: { acr: person?.hasMethod === true ? 'mfa' : 'sfa' } },
    { source: 'chosen', requires: { acr: person?.chosen ?? 'sfa' } },
  ];
  return sources.filter(({ requires }) => isDemanding(requires));
};

const fileSources = ({ defaults, rules }: Policy, situation: Situation): readonly Found[] => {
  const isExempt = situation.person?.isExempt === true;
  const ofFile = { source: 'file', requires: defaults, ...(isExempt && { not: 'exempt' as const }) } as const;
  return [
    ...(isDemanding(defaults) ? [ofFile] : []),
    ...rules.map(rule => {
      const not = notApplying(rule, situation);
      return {
        source: `rule ${rule.name}` as const,
        requires: rule.requires,
        rule,
        ...(not !== undefined && { not }),
        ...(rule.because !== undefined && { because: rule.because }),
      };
    }),
  ];
};

const isDemanding = ({ acr = 'sfa', mfaMaxAge, factors, consent }: Requirement): boolean =>
  acr !== 'sfa' || mfaMaxAge !== undefined || factors !== undefined || consent === true;

const requiredBy = (applying: readonly Found[], client: Facts['client']): Required => {
  const ages = applying.flatMap(({ requires: { mfaMaxAge } }) => mfaMaxAge ?? []);
  const lists =
    client?.isPortal === true
      ? []
      : applying.flatMap(({ requires: { factors } }) => (factors === undefined ? [] : [factors]));
  const [first, ...others] = lists;
  const denial = applying.find(({ rule }) => rule?.denies !== undefined)?.rule;
  return {
    acr: highest('sfa', ...applying.map(({ requires: { acr = 'sfa' } }) => acr)),
    ...(ages.length > 0 && { mfaMaxAge: Math.min(...ages) }),
    ...(first !== undefined && { factors: first.filter(each => others.every(list => list.includes(each))) }),
    consent: applying.some(({ requires }) => requires.consent === true),
    ...(denial?.denies !== undefined && { denied: { rule: denial.name, sentences: denial.denies } }),
  };
};

/** Whether the source decides: as `SourceOutcome` says. */
const isDeciding = (
  { acr = 'sfa', mfaMaxAge, factors, consent }: Requirement,
  rule: Rule | undefined,
  required: Required,
): boolean =>
  (acr !== 'sfa' && rank(acr) === rank(required.acr)) ||
  (mfaMaxAge !== undefined && mfaMaxAge === required.mfaMaxAge) ||
  (factors !== undefined && required.factors !== undefined) ||
  consent === true ||
  (rule?.denies !== undefined && rule.name === required.denied?.rule);
