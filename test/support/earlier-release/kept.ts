/**
 * Describes `test/data/n-1`: a store as the previous release left it, with the cookies, tokens and secrets of that time.
 * `make-records.ts` wrote it in a checkout of that release; `open-records.ts` starts the present program over it.
 */
import type { JsonWebKey } from 'node:crypto';
import type { Cookie } from '../browser/jar.ts';

/** All passwords of that store. */
export const password = 'copper-beacon-desert';

/** The issuer, behind a proxy that ends TLS. It is part of addresses that were stored. */
export const issuer = 'https://login.example.com';

/** Settings that the store was written with. Sends go to numbers and mailboxes of the simulator. */
export const settingsOf = (sealingKeys: string): Readonly<Record<string, string>> => ({
  SALLYPORT_SEALING_KEYS: sealingKeys,
  SALLYPORT_FACTORS: 'totp,call,sms,spoken,push,passkey,recovery-code,temporary-access-pass,email',
  SALLYPORT_REMEMBER_BROWSER: '14d',
});

/** A sign-in under way: the person has typed the password, and is asked for the second step. */
export interface BegunSignIn {
  readonly person: string;
  readonly cookies: readonly Cookie[];
  /** Address of the page. */
  readonly path: string;
  readonly authorization: Authorization;
  /** What the person types, where it is known already: a texted, spoken or mailed code. */
  readonly code?: string;
}

/** What a client keeps until its callback. */
export interface Authorization {
  readonly clientId: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** Tokens of Ada at the client `contoso`. */
export interface KeptTokens {
  readonly access: string;
  /** The first refresh token, which was used. */
  readonly used: string;
  /** Its successor. */
  readonly unused: string;
}

/** A passkey, as its authenticator keeps it. */
export interface KeptPasskey {
  readonly id: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly counter: number;
  readonly key: JsonWebKey;
}

/** The file `kept.json`. */
export interface Kept {
  /** The commit whose program wrote the store. */
  readonly commit: string;
  /** When it was written, in milliseconds since 1970. At that time no record has expired. */
  readonly at: number;
  readonly sealingKeys: string;
  /** Ids of accounts by name. */
  readonly people: Readonly<Record<string, string>>;
  /** Seeds of apps by name of the person, base32. */
  readonly seeds: Readonly<Record<string, string>>;
  readonly recoveryCodes: { readonly used: string; readonly unused: readonly string[] };
  readonly pass: string;
  readonly passkey: KeptPasskey;
  /** Private key of the phone of Dora, and the thumbprint of the server's key that it has pinned. */
  readonly phone: { readonly key: JsonWebKey; readonly pinned: string };
  readonly clientSecret: string;
  readonly tokens: KeptTokens;
  /** Cookies of the browser in which Ada is signed in. */
  readonly session: readonly Cookie[];
  /** Cookies of the browser that remembers Noor. */
  readonly remembered: readonly Cookie[];
  /** Code of an app that Noor has used at that moment. */
  readonly usedCode: string;
  /** By type of the factor; `passkey-alone` is at the password page. */
  readonly signIns: Readonly<Record<string, BegunSignIn>>;
}
