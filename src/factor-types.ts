/** Names the types of all factors, for settings, rules and client metadata. `mfa/factors/` has the factors themselves. */

export const factorTypes = [
  'passkey',
  'push',
  'call',
  'sms',
  'spoken',
  'totp',
  'recovery-code',
  'temporary-access-pass',
  'email',
] as const;

export type FactorType = (typeof factorTypes)[number];

export const isFactorType = (value: unknown): value is FactorType => factorTypes.some(each => each === value);
