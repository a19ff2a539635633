/** Words decisions for operators, help desks and developers, in English. Pages have words of their own (`src/locales`). */
import type { Conditions, NotApplying, Policy, Requirement, Rule } from './policy.ts';
import { notApplyingWords, type KeptTrace, type SecondStepUse } from './trace.ts';
import { days as allDays, type TimeWindow } from './time-window.ts';

const sources: Readonly<Record<string, string>> = {
  server: 'SALLYPORT_MIN_ACR',
  file: 'the defaults of the policy file',
  client: 'the client’s own metadata',
  request: 'the request of the client',
  person: 'the person has a method, and is always asked for it',
  chosen: 'the person’s own choice on the security page',
};
const sourceWords = (source: string): string => sources[source] ?? source;

const secondStepWords = (use: SecondStepUse): string => {
  if (use.how === 'asked') return `asked for, and proven by ${use.factor}`;
  if (use.how === 'session') return `not asked for: this session had proven it by ${use.factor}`;
  return use.how === 'remembered' ? 'not asked for: the browser is remembered' : 'not asked for: none was required';
};

const isNotApplying = (why: string): why is NotApplying => Object.hasOwn(notApplyingWords, why);

/** Lines that tell a recorded decision. `current`: the policy of this process, which may be another version. */
export const explained = (kept: KeptTrace, current: Pick<Policy, 'version'>): readonly string[] => [
  kept.denied === undefined
    ? `Required: ${requirementWords(requirementIn(kept))}.`
    : `Refused by the rule ${kept.denied}.`,
  ...(kept.second === undefined ? [] : [`The second step was ${secondStepWords(kept.second)}.`]),
  ...kept.decided.map(source => `  decided   ${sourceWords(source)}`),
  ...kept.applied.map(source => `  applied   ${sourceWords(source)}: others required as much or more`),
  ...kept.others.map(
    ([source, why]) => `  no        ${sourceWords(source)}: ${isNotApplying(why) ? notApplyingWords[why] : why}`,
  ),
  ...(kept.more > 0 ? [`  and ${kept.more} more that were looked at`] : []),
  networkWords(kept.networks),
  `Policy: ${kept.version}${kept.version === current.version ? '' : `; here it is ${current.version} now`}.`,
];

const networkWords = (networks: readonly string[] | undefined): string => {
  if (networks === undefined) return 'Network: the address of the person was not known.';
  return `Network: ${networks.join(', ') || 'none of the named ones'}.`;
};

const requirementIn = ({ acr, mfaMaxAge, factors, consent }: KeptTrace) => ({
  level: acr,
  ...(mfaMaxAge !== undefined && { mfaMaxAge }),
  ...(factors !== undefined && { factors }),
  ...(consent === true && { consent }),
});

const requirementWords = ({
  level,
  mfaMaxAge,
  factors,
  consent,
}: Omit<Requirement, 'acr'> & { readonly level?: string }): string =>
  [
    level,
    factors && `a second step by ${factors.join(' or ') || 'no factor at all: the lists exclude each other'}`,
    mfaMaxAge !== undefined && `a second step of the last ${mfaMaxAge} seconds`,
    consent && 'consent',
  ]
    .filter(text => typeof text === 'string')
    .join(', ');

/** A rule as the developer of a client reads it. */
export interface RuleForClient {
  readonly name: string;
  /** "for the groups a, b; outside office"; empty: it applies to each sign-in at this client. */
  readonly when: string;
  /** "aal2, a second step by totp", or that it refuses. */
  readonly requires: string;
  /** The operator's words for people, in English. */
  readonly because?: string;
}

/** The rules that can apply to sign-ins at this client, in the order of the file. */
export const rulesForClient = ({ rules }: Policy, clientId: string): readonly RuleForClient[] =>
  rules
    .filter(({ when, unless }) => when.clients?.includes(clientId) !== false && !unless.clients?.includes(clientId))
    .map(rule => {
      const words = rule.denies ?? rule.because;
      return {
        name: rule.name,
        when: conditionWords(rule),
        requires: rule.denies === undefined ? requiredWords(rule) : 'refuses the sign-in',
        ...(words !== undefined && { because: words.en }),
      };
    });

const requiredWords = ({ requires: { acr, ...requires } }: Rule): string =>
  requirementWords({ ...requires, ...(acr !== undefined && { level: acr }) });

const conditionWords = ({ when, unless }: Rule): string =>
  [
    ...partsOf(when, { groups: 'for the groups ', networks: 'in ', time: '' }),
    ...partsOf(unless, { groups: 'not for the groups ', networks: 'outside ', time: 'not ' }),
  ].join('; ');

/** `words`: those before each condition. */
const partsOf = (
  { groups, networks, time }: Conditions,
  words: Readonly<Record<'groups' | 'networks' | 'time', string>>,
): readonly string[] => [
  ...(groups === undefined ? [] : [words.groups + groups.join(', ')]),
  ...(networks === undefined ? [] : [words.networks + networks.join(', ')]),
  ...(time === undefined ? [] : [words.time + timeWords(time)]),
];

const timeWords = ({ zone, days, from, to }: TimeWindow): string => {
  const on = days.length === allDays.length ? 'every day' : days.join(', ');
  return `${on} from ${clock(from)} to ${clock(to)} (${zone})`;
};
const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
