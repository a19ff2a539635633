/** How sure of the person a sign-in must be: server, client, person and request, the highest of them. Pure. */
import { atLeast, highest, isAcr, rank } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import type { OwnMetadata } from './client-metadata.ts';

/** What one authorization request says about assurance. */
export interface AssuranceRequest {
  /** Levels it would like (`acr_values`, a voluntary `acr` claim), in its order and its own spelling. */
  readonly wished: readonly string[];
  /** Levels of which it must get one (an essential `acr` claim, OIDC Core §5.5.1.1). Empty: none. */
  readonly essential: readonly string[];
  /** It says `prompt=mfa`. */
  readonly step: boolean;
}

/** Other names of our levels; what was asked for by one of them is answered by it. */
export const aliases: Readonly<Record<string, Acr>> = {
  'https://refeds.org/profile/mfa': 'mfa',
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor': 'mfa',
  phrh: 'phr',
};

/** The level of a word; undefined for what is none, also for the names that every object of the language has. */
export const levelOf = (value: string): Acr | undefined => {
  if (isAcr(value)) return value;
  return Object.hasOwn(aliases, value) ? aliases[value] : undefined;
};

export interface RequiredAcr {
  /** What this sign-in should reach. */
  readonly acr: Acr;
  /** True: less than `acr` is an error. False: `acr` is a wish, and less is what the token then says. */
  readonly essential: boolean;
  /** What it must reach in any case. */
  readonly minimum: Acr;
}

/**
 * The need of a request. `person` is absent until somebody is known; a person who has a method is always asked for it, and
 * a wish that no method of theirs `reaches` is dropped (design §6).
 */
export const requiredAcrOf = (of: {
  readonly server: Acr;
  readonly client: OwnMetadata;
  readonly asked: AssuranceRequest;
  readonly person?: { readonly hasMethod: boolean; readonly reaches: Acr };
}): RequiredAcr => {
  const { client, asked, person } = of;
  const minimum = highest(
    of.server,
    client.min_acr ?? 'sfa',
    client.require_mfa === true ? 'mfa' : 'sfa',
    asked.step ? 'mfa' : 'sfa',
    person?.hasMethod === true ? 'mfa' : 'sfa',
    least(asked.essential) ?? 'sfa',
  );
  const wish = least(asked.wished);
  const wanted = wish === undefined || (person && !atLeast(person.reaches, wish)) ? minimum : highest(minimum, wish);
  return { acr: wanted, essential: atLeast(minimum, wanted), minimum: minimum };
};

/** Nothing we could ever say is among the levels of which the request must get one. */
export const isImpossible = ({ essential }: AssuranceRequest): boolean =>
  essential.length > 0 && least(essential) === undefined;

/**
 * How to tell the client what was reached: in the request's own word where it asked for no more than that, the strongest
 * such word first; else by our own name of the level.
 */
export const answerTo = (asked: AssuranceRequest, reached: Acr): string => {
  const words = asked.essential.length > 0 ? asked.essential : asked.wished;
  const met = words.flatMap(word => {
    const level = levelOf(word);
    return level !== undefined && atLeast(reached, level) ? [{ word, level }] : [];
  });
  return met.toSorted((a, b) => rank(b.level) - rank(a.level))[0]?.word ?? reached;
};

/** The lowest known level among these words: any of them will do, so the lowest is enough. */
const least = (words: readonly string[]): Acr | undefined =>
  words
    .flatMap(word => levelOf(word) ?? [])
    .toSorted((a, b) => rank(a) - rank(b))
    .at(0);
