/** Names the types of authenticators that stand for a lost method. They are no methods of their own. */

export const recoveryCodesType = 'recovery-codes';
export const temporaryAccessPassType = 'temporary-access-pass';
export const recoveryTypes: readonly string[] = [recoveryCodesType, temporaryAccessPassType];

/** True for an authenticator that is a method: all but recovery codes and passes. */
export const isMethod = ({ type }: { readonly type: string }): boolean => !recoveryTypes.includes(type);
