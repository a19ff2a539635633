/** Proofs → what a token may say; and which method of a person can lift a sign-in to a wanted level. Pure. */
import type { Acr, Amr } from './factor.ts';
import type { Message } from '../ports/carriers.ts';
import type { Proof } from './proof.ts';

const ranks = { sfa: 0, mfa: 1, aal2: 2, phr: 3 } as const satisfies Record<Acr, number>;

/** Order of assurance: a higher rank satisfies a lower need. */
export const rank = (acr: Acr): number => ranks[acr];
export const atLeast = (reached: Acr, needed: Acr): boolean => rank(reached) >= rank(needed);
export const highest = (first: Acr, ...rest: readonly Acr[]): Acr =>
  rest.reduce((best, each) => (rank(each) > rank(best) ? each : best), first);
export const isAcr = (value: unknown): value is Acr => typeof value === 'string' && Object.hasOwn(ranks, value);
/** Every level, weakest first. */
export const acrs: readonly Acr[] = ['sfa', 'mfa', 'aal2', 'phr'];

/**
 * What these proofs of one person add up to. Each proof carries the acr that it reaches beside a password: acr is never
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
  /** What carries its message, where it sends one: whatever rings rests after "this was not me". */
  readonly via?: Message['via'];
  readonly reaches: Acr;
  readonly masked?: string;
  readonly label: string;
  readonly isDefault: boolean;
  readonly lastUsedAt?: number;
}

/** Those that reach the need, strongest first, then the most recently used. */
export const usable = (methods: readonly Method[], need: Acr): readonly Method[] =>
  methods
    .filter(method => atLeast(method.reaches, need))
    .toSorted((a, b) => rank(b.reaches) - rank(a.reaches) || (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0));

/** One name for a method, as forms post it and a browser remembers it. */
export const nameOf = ({ chosen, factor }: Pick<Method, 'factor' | 'chosen'>): string =>
  chosen === undefined ? factor : `${factor}:${chosen}`;

/** The method that is asked first, of those that reach the need: the person's default, then the last used here (`nameOf`), then the strongest. */
export const preferred = (methods: readonly Method[], need: Acr, lastHere?: string): Method | undefined => {
  const able = usable(methods, need);
  return able.find(method => method.isDefault) ?? able.find(method => nameOf(method) === lastHere) ?? able[0];
};
