/**
 * What scopes mean: the claims that each opens (OIDC Core §5.4), and the operator's words for people. The folder has
 *
 * - `scopes.ts`: the scopes of every installation, and what an operator adds to them
 * - `read.ts`: reads the operator's file
 *
 * A scope that opens claims is one of ours. A scope without claims belongs to an API, which alone knows what it allows.
 */
import type { Sentences } from '../locales/sentences.ts';

/** Claims by the scope that opens them. Those of `openid` are in each ID token, and only there. */
export const claims = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'preferred_username', 'locale', 'zoneinfo', 'updated_at'],
  email: ['email', 'email_verified'],
  groups: ['groups'],
} as const;

/** The scope of a claim that was requested by itself (OIDC Core §5.5). The words of that scope describe the claim too. */
export const scopeOfClaim = (claim: string): string =>
  Object.entries(claims).find(([, opened]) => opened.some(each => each === claim))?.[0] ?? 'openid';

/** Claims of people that a scope of the operator may open. */
export const openableClaims: readonly string[] = [...claims.profile, ...claims.email, ...claims.groups];

/** What an operator adds. */
export interface OperatorScopes {
  /** Claims by further scopes that open them. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  /** Words of scopes, also of those of APIs, and of claims. */
  readonly words: { readonly scopes: ReadonlyMap<string, Sentences>; readonly claims: ReadonlyMap<string, Sentences> };
}

/** An operator who adds nothing. */
export const noScopes: OperatorScopes = { claims: {}, words: { scopes: new Map(), claims: new Map() } };

/** Claims by all scopes of this installation. */
export const claimsByScope = (added: OperatorScopes): Record<string, string[]> =>
  Object.fromEntries(Object.entries({ ...claims, ...added.claims }).map(([scope, names]) => [scope, [...names]]));

/** A scope or claim as pages show it. */
export interface ShownScope {
  readonly name: string;
  /** The resource server that knows the scope. */
  readonly at?: string;
  /** The operator's words. Without them the catalogue has some, or the name is shown. */
  readonly words?: Sentences;
}

/** Names to show. `claims`: requested one by one. `resources`: scopes by the identifier of their resource server. */
export interface NamesToShow {
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  readonly resources: Readonly<Record<string, readonly string[]>>;
}

/** Each line once. A claim has words of its own, or those of its scope. */
export const shownScopes = (names: readonly NamesToShow[], { words }: OperatorScopes): readonly ShownScope[] => {
  const lines = names.flatMap(({ scopes, claims: single, resources }): readonly ShownScope[] => [
    ...scopes.map(name => described(name, words.scopes.get(name))),
    ...single.map(claim => {
      const own = words.claims.get(claim);
      const scope = scopeOfClaim(claim);
      return own === undefined ? described(scope, words.scopes.get(scope)) : described(claim, own);
    }),
    ...Object.entries(resources).flatMap(([at, each]) =>
      each.map(name => ({ ...described(name, words.scopes.get(name)), at })),
    ),
  ]);
  const byKey = new Map(lines.map(line => [JSON.stringify([line.at, line.name]), line]));
  // Those of resource servers come last, whatever the order of the grants.
  return [...byKey.values()].toSorted((a, b) => Number(a.at !== undefined) - Number(b.at !== undefined));
};

const described = (name: string, own: Sentences | undefined): ShownScope => ({
  name,
  ...(own !== undefined && { words: own }),
});
