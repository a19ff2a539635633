/** Tells a person whether they could still sign in after losing a phone or another device. Pure. */
import type { Authenticator } from './factor.ts';
import { independentCount, isOnMobile } from './independence.ts';
import { isMethod, recoveryCodesType } from './recovery-types.ts';

/**
 * The methods that would be left. `none`: the person has no method. only-one: a second one is missing. stuck: every method is on the
 * phone. left: `means` work without the phone. others: the person has no phone, and the `means` are lost one at a time. `means`: types
 * of authenticators.
 */
export type Safety =
  | { readonly kind: 'none' | 'only-one' | 'stuck' }
  | { readonly kind: 'left' | 'others'; readonly means: readonly string[] };

/** `usable`: the authenticators that the person can use now. `codesLeft`: recovery codes. */
export const safetyOf = (usable: readonly Authenticator[], codesLeft: number): Safety => {
  const methods = usable.filter(isMethod);
  if (methods.length === 0) return { kind: 'none' };
  const codes = codesLeft > 0 ? [recoveryCodesType] : [];
  const survivors = methods.filter(each => !isOnMobile(each));
  const means = [...new Set(survivors.map(({ type }) => type)), ...codes];
  if (survivors.length < methods.length) return means.length > 0 ? { kind: 'left', means } : { kind: 'stuck' };
  if (independentCount(methods) === 1 && codes.length === 0) return { kind: 'only-one' };
  return { kind: 'others', means };
};
