/** Keeps of methods, factors and proofs those that a sign-in allows as second step. Pure. Without a list each one is allowed. */
import type { Method } from './assurance.ts';
import type { Factor } from './factor.ts';

/** Types of the factors that may be the second step; undefined: each one. */
type Allowed = readonly string[] | undefined;

export const allowedMethods = (methods: readonly Method[], allowed: Allowed): readonly Method[] =>
  allowed === undefined ? methods : methods.filter(({ factor }) => allowed.includes(factor));

export const allowedFactors = (factors: readonly Factor[], allowed: Allowed): readonly Factor[] =>
  allowed === undefined ? factors : factors.filter(({ type }) => allowed.includes(type));
