/** Finds the factors that a person may enroll, and those that would help them. Pure. */
import type { User } from '../records.ts';
import { atLeast } from './assurance.ts';
import { authenticatorOf, type Acr, type Authenticator, type Factor } from './factor.ts';
import { phoneKinds, phoneType, type PhoneKind } from './factors/phone.ts';
import { addsIndependence, channelOf, mailboxOf } from './independence.ts';
import { passkeyType } from './passkeys/data.ts';
import { pushType } from './push/data.ts';
import { isRecoveryFactor, recoveryCodesType } from './recovery-types.ts';

/** What a person has, and the factors that they may enroll. */
interface Owned {
  readonly stored: readonly Authenticator[];
  readonly factors: readonly Factor[];
}

/** A factor that a person may enroll. `phoneKinds`: the kinds of phone that would count, for a factor over a telephone. */
export interface OfferedFactor {
  readonly type: string;
  readonly phoneKinds?: readonly PhoneKind[];
}

/** The factors that this person may enroll, of those in use. `acr`: the level that one must reach to be of use. */
export const enrollable = (factors: readonly Factor[], acr: Acr = 'sfa'): readonly OfferedFactor[] =>
  factors
    .filter(factor => !isRecoveryFactor(factor.type) && atLeast(factor.reaches, acr))
    .map(factor => offerOf(factor, phoneKinds));

/**
 * The factors of which this person may enroll one more authenticator: they have fewer than its `most`. A mailed code needs a verified
 * address that is not bound yet, and a password that was not reset by mail: the mailbox would be both steps.
 */
export const openTo = (
  { email, emailVerified, resetByMailAt }: Pick<User, 'email' | 'emailVerified' | 'resetByMailAt'>,
  stored: readonly Authenticator[],
  factors: readonly Factor[],
): readonly Factor[] => {
  const isOpen =
    email !== undefined &&
    emailVerified === true &&
    resetByMailAt === undefined &&
    stored.every(each => channelOf(each) !== mailboxOf(email));
  const countOf = (factor: Factor): number => stored.filter(({ type }) => type === authenticatorOf(factor)).length;
  return factors.filter(
    factor => (factor.enrolls !== 'email' || isOpen) && countOf(factor) < (factor.most ?? Number.POSITIVE_INFINITY),
  );
};

const offerOf = (factor: Factor, kinds: readonly PhoneKind[]): OfferedFactor =>
  authenticatorOf(factor) === phoneType ? { type: factor.type, phoneKinds: kinds } : { type: factor.type };

/** The factors by which this person would get one more independent method. */
export const backups = ({ factors, stored }: Owned): readonly OfferedFactor[] =>
  factors.flatMap(factor => {
    if (isRecoveryFactor(factor.type)) return [];
    const type = authenticatorOf(factor);
    if (type !== phoneType) return addsIndependence(stored, { type, data: null }) ? [offerOf(factor, [])] : [];
    // Some number that is not bound yet.
    const kinds = phoneKinds.filter(kind => addsIndependence(stored, { type, data: { kind, number: '+' } }));
    return kinds.length > 0 ? [offerOf(factor, kinds)] : [];
  });

/** True where recovery codes are in use and this person has no set. */
export const needsCodes = ({ factors, stored }: Owned): boolean =>
  factors.some(factor => authenticatorOf(factor) === recoveryCodesType) &&
  stored.every(({ type }) => type !== recoveryCodesType);

/** The factor `push`, where the person may pair a phone and has none. */
export const authenticatorOffer = ({ factors, stored }: Owned): readonly OfferedFactor[] =>
  stored.some(({ type }) => type === pushType)
    ? []
    : enrollable(factors.filter(factor => authenticatorOf(factor) === pushType));

/** The factor `passkey`, where the person may set one up and has none. */
export const passkeyOffer = ({ factors, stored }: Owned): readonly OfferedFactor[] =>
  stored.some(({ type }) => type === passkeyType)
    ? []
    : enrollable(factors.filter(factor => authenticatorOf(factor) === passkeyType));
