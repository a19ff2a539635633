/**
 * Defines what the server and the authenticator (the web app at `/authenticator/`) say to each other. The server signs each
 * request with a key that the app has pinned when it was paired; the app signs each answer with the key of its device. Both are
 * JWTs (RFC 7519) with ES256. The web app imports this file: types and limits are written once.
 */
import type { JWK } from 'jose';

/** Header `typ` of each kind of JWT (RFC 8725 §3.11): none can be taken for another. */
export const jwtTypes = {
  /** Proves to the API that a call comes from a device. */
  device: 'sallyport-device+jwt',
  /** Asks for a decision. Signed by the server. */
  request: 'sallyport-request+jwt',
  /** Decides. Signed by the device. */
  answer: 'sallyport-answer+jwt',
  /** Names the next key of the server. Signed by the key before. */
  successor: 'sallyport-successor+jwt',
} as const;

/** What protects the key of a device when it answers, by the operator's policy. */
export const unlocks = ['none', 'pin', 'biometric'] as const;
export type Unlock = (typeof unlocks)[number];

/** What a request is about. pairing: the test that ends a pairing. caller: the help desk asks who is calling. */
export type RequestPurpose = 'sign-in' | 'pairing' | 'approval' | 'caller';

/** approve: with the number of the page. decline: no. report: "this was not me". */
export type Decision = 'approve' | 'decline' | 'report';

/** Claims of a request. The number of the page is never in it. */
export interface RequestClaims {
  /** The issuer's origin. */
  readonly iss: string;
  /** The device: the JWK thumbprint (RFC 7638) of its key. */
  readonly aud: string;
  /** Id of the request. */
  readonly jti: string;
  /** 128 random bits, which the answer repeats. */
  readonly nonce: string;
  /** Seconds. */
  readonly iat: number;
  readonly exp: number;
  readonly purpose: RequestPurpose;
  /** Name of the account. */
  readonly account: string;
  /** Name of the client that asks. */
  readonly client: string;
  /** Digits of the number to be typed; 0: none. */
  readonly digits: number;
  readonly unlock: Unlock;
  /** Address that the sign-in comes from, and where that is, where the operator's data tells. */
  readonly address?: string;
  readonly place?: string;
  /** Browser and system that the sign-in comes from: "Firefox on Linux". */
  readonly browser?: string;
  /** Text of the client (`binding_message` of CIBA) or of the help desk. */
  readonly message?: string;
}

/** Claims of an answer. */
export interface AnswerClaims {
  /** The device, as `aud` of the request. */
  readonly iss: string;
  /** The issuer's origin. */
  readonly aud: string;
  /** `jti`, `nonce` and `client` of the request: what the person saw is what the device signs. */
  readonly request: string;
  readonly nonce: string;
  readonly client: string;
  readonly iat: number;
  readonly exp: number;
  readonly decision: Decision;
  /** The number that the person typed. */
  readonly number?: string;
  /** Digits. Where the policy wants a PIN; at a pairing the new one. */
  readonly pin?: string;
  /** Where the policy wants a biometric: an assertion over `unlockChallenge`; at a pairing a new credential. JSON texts. */
  readonly assertion?: string;
  readonly registration?: string;
  /** At a pairing: the present code of the TOTP key that came with it. */
  readonly code?: string;
}

/** Fewest and most digits of a PIN. */
export const pinDigits = { fewest: 6, most: 12 } as const;

/** The text whose SHA-256 is the challenge of the WebAuthn assertion beside an answer. */
export const unlockText = ({
  request,
  nonce,
  decision,
  number = '',
}: Pick<AnswerClaims, 'request' | 'nonce' | 'decision' | 'number'>): string =>
  JSON.stringify([request, nonce, decision, number]);

/** A push subscription as a browser gives it (`PushSubscription.toJSON()`). */
export interface SubscriptionJson {
  readonly endpoint: string;
  readonly expirationTime?: number | null;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A public key of the server, and the keys after it, each signed by the one before. */
export interface ServerKeys {
  /** The first key that the server ever signed requests with, and statements that name each later one. */
  readonly first: JWK;
  readonly successors: readonly string[];
}

/** GET api/configuration. */
export interface ConfigurationAnswer {
  /** The key of VAPID (RFC 8292), uncompressed point, base64url. */
  readonly vapidKey: string;
  readonly organization: string;
  readonly serverKeys: ServerKeys;
}

/** POST api/pairings. `secret`: of the QR code. `code`: as the person typed it. */
export interface PairingRequest {
  readonly secret?: string;
  readonly code?: string;
  readonly key: JWK;
  /** Name of the device, at most 60 characters. */
  readonly name: string;
  readonly subscription?: SubscriptionJson | null;
  /** BCP 47. */
  readonly language: string;
}
export interface PairingAnswer {
  readonly organization: string;
  readonly account: string;
  /** Two digits that the page shows too. */
  readonly digits: string;
  readonly unlock: Unlock;
  /** `otpauth:` URI of the codes that come with this pairing. */
  readonly totp?: string;
  /** PublicKeyCredentialCreationOptionsJSON, where the policy wants a biometric. */
  readonly creation?: object;
  readonly serverKeys: ServerKeys;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** GET api/requests. `requests`: signed requests, at most a few. `state`: what the server knows of the device. */
export interface RequestsAnswer {
  readonly requests: readonly string[];
  /** pairing: the page has not confirmed it yet, or its test is not answered. */
  readonly state: 'paired' | 'pairing';
  /** What the last push told: none: no subscription; gone: the push service does not know it any more. */
  readonly push: 'works' | 'none' | 'gone';
}

/** POST api/answers. */
export type AnswerOutcome =
  | { readonly result: 'approved' | 'declined' | 'reported' }
  /** One wrong number ends a request. */
  | { readonly result: 'wrong-number' }
  /** At a pairing: the key of the device was paired before. Nothing was added. */
  | { readonly result: 'bound' }
  | { readonly result: 'wrong-pin'; readonly attemptsLeft: number }
  /**
   * The request still waits, and its number was not compared. not-unlocked: the biometric, or the new PIN of a pairing, will not do.
   * wrong-code: the code of the TOTP key that came with the pairing is not the present one.
   */
  | { readonly result: 'not-unlocked' | 'wrong-code' }
  /** It was answered, ended or expired before; `reason` as `EndReason`. */
  | { readonly result: 'over'; readonly reason: string };
