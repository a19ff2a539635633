/**
 * Describes well-known software that signs people in by OpenID Connect: how to register it, and its configuration with the
 * values of the registered client. `index.ts` lists all of it; each kind has a file.
 *
 * What software sends is what its own documentation configures, without a change. `docs/connect-a-client.md` has the list.
 */
import type { ClientChange } from '../change.ts';

/** What a snippet is filled with. None of these values has a double quote, so each fits between two in any language. */
export interface SnippetValues {
  /** Origin without a slash at the end. */
  readonly issuer: string;
  readonly clientId: string;
  /** Empty for a public client. */
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Origin of the software, from its redirect address. */
  readonly url: string;
  /** 256 random bits as base64url, for a secret of the software's own, such as that of its cookies. */
  readonly random: string;
}

/** One kind of software. */
export interface Software {
  /** As its makers write it. */
  readonly title: string;
  /** Members of its client beside the addresses. */
  readonly registration: NonNullable<ClientChange['set']>;
  /** Where it gets codes: a path below the address of the software. */
  readonly redirectPath: string;
  /** Where it gets browsers after a sign-out, empty for its address alone; absent where it does not sign out here. */
  readonly logoutPath?: string;
  /** Its address where it is not known by `--url`: for software that runs on the machine of each person. */
  readonly url?: string;
  /** What it sends with its default configuration, by RFC 9700 §2.1.1. */
  readonly sends: 'PKCE' | 'nonce' | 'PKCE and nonce' | 'neither';
  /** Whether it sends PKCE with this snippet. */
  readonly snippetSendsPkce: boolean;
  /** Name of the file that the snippet is, or belongs into. */
  readonly file: string;
  readonly syntax: 'apache' | 'csharp' | 'go' | 'ini' | 'js' | 'python' | 'ruby' | 'shell' | 'toml' | 'yaml';
  readonly snippet: (values: SnippetValues) => string;
  /** What else its operator must know, a sentence each. */
  readonly notes?: readonly string[];
}

/** A client of software that sends neither PKCE nor a nonce by default. */
export const optionalPkce = { pkce: 'optional' } as const;
/** A client of software that expects the signature which OpenID Connect Core §2 makes the default. */
export const signedByRs256 = { id_token_signed_response_alg: 'RS256' } as const;
/** A client of software that looks for names and addresses in the ID token. */
export const fullIdToken = { claims_in_id_token: true } as const;
