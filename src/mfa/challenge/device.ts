/** Defines a device that has proven its key to the API, and tells which challenges ask for it. */
import type { ChallengeRecord, SealedPart } from '../challenge-state/record.ts';

/** A device whose signature was verified. */
export interface VerifiedDevice {
  /** Id of its owner. */
  readonly userId: string;
  /** JWK thumbprint (RFC 7638) of its key. */
  readonly handle: string;
  /** Id of its authenticator; absent while it is being paired. */
  readonly authenticator?: string;
}

/** True where the challenge asks for this very device: the chosen one, or the one that is being paired. */
export const asksFor = (
  { record, contents }: { readonly record: ChallengeRecord; readonly contents: Pick<SealedPart, 'state'> },
  device: VerifiedDevice,
): boolean => {
  if (record.via !== 'push' || record.userId !== device.userId) return false;
  if (record.purpose === 'authenticate' && (record.chosen === undefined || record.chosen !== device.authenticator))
    return false;
  return handleOf(contents.state) === device.handle;
};

/** Handle of the device in the state of a challenge. */
const handleOf = (state: unknown): unknown =>
  typeof state === 'object' && state !== null ? Reflect.get(state, 'handle') : undefined;
