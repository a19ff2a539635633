/** Computes the assurance of proofs, the level a person must reach, and the methods that reach it. Pure. */
import type { Acr, Amr } from './factor.ts';
import type { Message } from '../ports/carriers.ts';
import type { Proof } from './proof.ts';

const ranks = { sfa: 0, mfa: 1, aal2: 2, phr: 3 } as const satisfies Record<Acr, number>;

/** Order of assurance: a higher rank satisfies a lower requirement. */
export const rank = (acr: Acr): number => ranks[acr];
export const atLeast = (reached: Acr, needed: Acr): boolean => rank(reached) >= rank(needed);
export const highest = (first: Acr, ...rest: readonly Acr[]): Acr =>
  rest.reduce((best, each) => (rank(each) > rank(best) ? each : best), first);
export const isAcr = (value: unknown): value is Acr => typeof value === 'string' && Object.hasOwn(ranks, value);
/** Every level, weakest first. */
export const acrs: readonly Acr[] = ['sfa', 'mfa', 'aal2', 'phr'];

/**
 * The assurance that these proofs of one person reach together. Each proof carries the acr that it reaches beside a password: acr is never
 * computed from amr, since a bare call and a spoken code both say `tel`. Without a first factor only a proof that is
 * both steps at once (phr) counts.
 */
export const reached = (proofs: readonly Proof[]): { readonly acr: Acr; readonly amr: readonly Amr[] } | undefined => {
  const password = proofs.some(proof => proof.factor === 'password');
  const counting = password ? proofs : proofs.filter(proof => proof.acr === 'phr');
  const [first, ...rest] = counting;
  if (first === undefined) return undefined;
  const factors = new Set(counting.map(proof => proof.factor));
  const amr = new Set(counting.flatMap(proof => proof.amr));
  if (factors.size > 1) amr.add('mfa');
  return { acr: highest(first.acr, ...rest.map(proof => proof.acr)), amr: [...amr] };
};

/** A way for a person to take the second step: a factor, with one authenticator or all of a type that is asked together. */
export interface Method {
  readonly factor: string;
  /** Absent where one challenge asks for any of this type. */
  readonly chosen?: string;
  /** Kind of its message, where it sends one. */
  readonly via?: Message['via'];
  readonly reaches: Acr;
  readonly masked?: string;
  readonly label: string;
  readonly isDefault: boolean;
  /** It stands for a lost method: a recovery code, a temporary access pass. Never asked for first. */
  readonly recovers?: true;
  /** Ids of the devices that its authenticators came with. Present only where each came with one. */
  readonly cameWith?: readonly string[];
  readonly lastUsedAt?: number;
}

/**
 * Place of a method among others. An approval on a device comes right before the codes that came with that device: both need it in
 * hand, and only the approval shows who asks.
 */
const placeAmong = ({ chosen, reaches }: Method, others: readonly Method[]): number => {
  const codes = others.filter(({ cameWith = [] }) => chosen !== undefined && cameWith.includes(chosen));
  return Math.max(rank(reaches), ...codes.map(each => rank(each.reaches) + 0.5));
};

/**
 * The methods that reach the required level, strongest first, then the most recently used. A recovery code or pass is not
 * among them: it replaces a lost method.
 */
export const usable = (methods: readonly Method[], required: Acr): readonly Method[] => {
  const able = methods.filter(method => method.recovers !== true && atLeast(method.reaches, required));
  return able.toSorted(
    (a, b) => placeAmong(b, able) - placeAmong(a, able) || (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0),
  );
};

/** One name for a method, as forms post it and a browser remembers it. */
export const nameOf = ({ chosen, factor }: Pick<Method, 'factor' | 'chosen'>): string =>
  chosen === undefined ? factor : `${factor}:${chosen}`;

/**
 * The method that is asked first, of those that reach the required level: the person's default, then the one last used in this
 * browser (`nameOf`), then the strongest.
 */
export const preferred = (methods: readonly Method[], required: Acr, lastHere?: string): Method | undefined => {
  const able = usable(methods, required);
  return able.find(method => method.isDefault) ?? able.find(method => nameOf(method) === lastHere) ?? able[0];
};

/** The level of a sign-in: `acr` is wanted, and less than `minimum` fails. */
export interface RequiredLevel {
  readonly acr: Acr;
  /** Wanted in this order where no method reaches `acr`. */
  readonly alternatives?: readonly Acr[];
  readonly minimum: Acr;
  /** True: the highest level that the person's methods reach is wanted. */
  readonly strongest?: true;
}

/**
 * A person who has a method is always asked for one: never the password alone, also where none of their methods can be used
 * now (an authenticator that cannot be opened).
 */
export const minimumFor = (minimum: Acr, hasMethod: boolean): Acr => (hasMethod ? highest(minimum, 'mfa') : minimum);

/**
 * The level that this person must reach; undefined: none of their methods reaches the minimum. A wanted level that no method
 * reaches is dropped; the minimum never is.
 */
export const requiredLevel = (
  { acr, alternatives = [], minimum, strongest }: RequiredLevel,
  hasMethod: boolean,
  methods: readonly Method[],
): Acr | undefined => {
  const least = minimumFor(minimum, hasMethod);
  const [able, ...others] = usable(methods, least);
  // Not that of the first one: an approval comes before stronger codes.
  if (strongest === true && able !== undefined) return highest(able.reaches, ...others.map(each => each.reaches));
  const canReach = (level: Acr): boolean => level === 'sfa' || usable(methods, level).length > 0;
  return [acr, ...alternatives, least].map(level => highest(least, level)).find(canReach);
};
