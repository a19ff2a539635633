export type Claims = Readonly<Record<string, unknown>>;

/** What this relying party holds of somebody who signed in. */
export interface SignedIn {
  readonly claims: Claims;
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** How often the tokens were renewed since. */
  readonly renewals: number;
  readonly userinfo?: Claims;
}
