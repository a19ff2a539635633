/** Computes the assurance level that a sign-in requires, from the policy's decision and the levels that the request prefers. Pure. */
import { atLeast, highest, isAcr, rank } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import { decide } from '../policy/decide.ts';
import type { Decision, Facts, Policy } from '../policy/policy.ts';

/** The assurance that one authorization request asks for. */
export interface AssuranceRequest {
  /** Preferred levels (`acr_values`, a voluntary `acr` claim), in the order and spelling of the request. */
  readonly wished: readonly string[];
  /** Levels of an essential `acr` claim (OIDC Core §5.5.1.1): one of them is required. Empty without such a claim. */
  readonly essential: readonly string[];
  /** Whether it has `prompt=mfa`. */
  readonly step: boolean;
}

/** Other names of our levels. A request that uses one gets it back as the `acr`. */
export const aliases: Readonly<Record<string, Acr>> = {
  'https://refeds.org/profile/mfa': 'mfa',
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor': 'mfa',
  phrh: 'phr',
};

/** The level with this name; undefined for an unknown name. `hasOwn`: each object inherits names such as `constructor`. */
export const levelOf = (value: string): Acr | undefined => {
  if (isAcr(value)) return value;
  return Object.hasOwn(aliases, value) ? aliases[value] : undefined;
};

/** The level that a sign-in should reach, and the one that it must reach. */
export interface RequiredLevels {
  /** The level to reach: the first of those that were asked for, in the order of the request. */
  readonly acr: Acr;
  /** The other levels that were asked for, in that order. Absent where there are none. */
  readonly alternatives?: readonly Acr[];
  /** True: a lower level than `acr` is an error. False: `acr` is voluntary, and the token states the level that was reached. */
  readonly essential: boolean;
  /** The lowest level that is not an error. */
  readonly minimum: Acr;
}

export interface RequiredAcr extends RequiredLevels {
  /** What else is required, and why. */
  readonly decision: Decision;
}

/**
 * The level that a request requires. `reaches`: the highest level of the person's methods; absent until the person is known, and where
 * it does not matter. Several levels count in the order of the request (OIDC Core §3.1.2.1, §5.5.1). One above what the methods reach
 * is dropped: the next one counts, and after the last one the minimum (a voluntary claim may be ignored).
 */
export const requiredAcrOf = (of: {
  readonly policy: Policy;
  readonly facts: Omit<Facts, 'request'>;
  readonly asked: AssuranceRequest;
  readonly reaches?: Acr | undefined;
}): RequiredAcr => {
  const { policy, facts, asked, reaches } = of;
  const decision = decide(policy, { ...facts, request: { acr: leastIn(asked) } });
  const { acr: minimum } = decision.required;
  const [acr = minimum, ...alternatives] = levelsOf([...asked.wished, ...asked.essential])
    .filter(level => reaches === undefined || atLeast(reaches, level))
    .map(level => highest(minimum, level));
  return {
    acr,
    ...(alternatives.length > 0 && { alternatives }),
    essential: atLeast(minimum, acr),
    minimum,
    decision,
  };
};

/** The least that the request itself requires. */
export const leastIn = ({ step, essential }: AssuranceRequest): Acr =>
  highest(step ? 'mfa' : 'sfa', lowest(essential) ?? 'sfa');

/** The lowest level that the request asks for. It is enough where a person cannot be asked, or has just been asked. */
export const lowestAsked = ({ acr, alternatives = [] }: RequiredLevels): Acr => lowestOf([acr, ...alternatives]) ?? acr;

/** Whether the request requires one of several levels, and all of them are unknown. */
export const isImpossible = ({ essential }: AssuranceRequest): boolean =>
  essential.length > 0 && lowest(essential) === undefined;

/**
 * The `acr` value that tells the client which level was reached: the strongest requested name that this level satisfies, or our
 * own name of the level.
 */
export const answerTo = (asked: AssuranceRequest, reached: Acr): string => {
  const names = asked.essential.length > 0 ? asked.essential : asked.wished;
  const satisfied = names.flatMap(name => {
    const level = levelOf(name);
    return level !== undefined && atLeast(reached, level) ? [{ name, level }] : [];
  });
  return satisfied.toSorted((a, b) => rank(b.level) - rank(a.level))[0]?.name ?? reached;
};

/** The known levels among these names, in their order. */
const levelsOf = (names: readonly string[]): readonly Acr[] => names.flatMap(name => levelOf(name) ?? []);

/** The lowest known level among these names: where each of them would do, no more than it is required. */
const lowest = (names: readonly string[]): Acr | undefined => lowestOf(levelsOf(names));

const lowestOf = (levels: readonly Acr[]): Acr | undefined => levels.toSorted((a, b) => rank(a) - rank(b))[0];

/** For the details of a prompt, which are stored: the pages ask the policy again for everything else. */
export const levelsIn = ({ decision: _decision, ...levels }: RequiredAcr): RequiredLevels => levels;
