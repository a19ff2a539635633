/** Lists why the API of the authenticator refuses a call. The codes are stable: apps of others may use the API too. */

/** HTTP status of each code. */
export const refusalStatus = {
  /** No device has this key: it was never paired, or was removed. */
  'device-unknown': 401,
  /** The proof is missing or wrong, or was used before. */
  proof: 401,
  /** The proof is right, but the clock of the device is not: `Date` of the answer has the time. */
  clock: 401,
  /** No pairing has this secret or code now. */
  'pairing-unknown': 404,
  /** Another device has claimed this pairing. */
  'pairing-used': 409,
  /** The request was answered, or has ended. */
  over: 409,
  /** The device has no push subscription to test. */
  'not-subscribed': 409,
  /** The text cannot be a code. */
  'code-malformed': 422,
  /** The push service is not one that the operator allows, or the subscription is none. */
  'subscription-refused': 422,
  /** The body is not what the call takes. */
  malformed: 422,
  /** Too many attempts: `Retry-After` has the seconds. */
  wait: 429,
  /** The push service did not take the test. */
  'not-sent': 502,
} as const;

/** Why a call is refused. */
export type RefusalCode = keyof typeof refusalStatus;

/** Body of a refusal. `message`: a sentence in the language of the device. */
export interface RefusalJson {
  readonly error: string;
  readonly message: string;
}
