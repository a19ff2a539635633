/** Describes what the relying party keeps about a sign-in. */

/** Claims of an ID token, or of userinfo. */
export type Claims = Readonly<Record<string, unknown>>;

/** The tokens and claims of a signed-in person. */
export interface SignedIn {
  readonly claims: Claims;
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** How often the tokens were refreshed. */
  readonly renewals: number;
  readonly userinfo?: Claims;
  /** The levels that the request asked for. */
  readonly asked?: string;
}
