/**
 * Names the factors that stand for a lost method: recovery codes and temporary access passes. Their authenticators are no methods of
 * their own.
 */

export const recoveryCodesType = 'recovery-codes';
export const temporaryAccessPassType = 'temporary-access-pass';

/** Each of these factors, with the type of its authenticators. */
const recovery = { 'recovery-code': recoveryCodesType, 'temporary-access-pass': temporaryAccessPassType } as const;
export type RecoveryFactor = keyof typeof recovery;

/** True for a factor whose proof stands for a lost method. It counts as the highest level of its person. */
export const isRecoveryFactor = (factor: string): factor is RecoveryFactor => Object.hasOwn(recovery, factor);

const recoveryTypes: readonly string[] = Object.values(recovery);
/** True for an authenticator that is a method: all but recovery codes and passes. */
export const isMethod = ({ type }: { readonly type: string }): boolean => !recoveryTypes.includes(type);
