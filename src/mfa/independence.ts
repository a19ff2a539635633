/**
 * Decides which authenticators a person loses together, and which steps of a sign-in share a channel. Pure. An app counts as
 * being on the mobile phone: we cannot find out where it is.
 */
import { passkeyType, phoneType, pushType, totpType } from './authenticator-types.ts';
import type { Authenticator } from './factor.ts';
import { isMethod } from './recovery-types.ts';

/** The compared members of an authenticator. A candidate that is not bound yet has no id. */
export type Comparable = Pick<Authenticator, 'type' | 'data'> & { readonly id?: string };

const textIn = (data: unknown, member: string): string | undefined => {
  const value: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, member) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A paired device, or a seed: one with a serial number is in a token of its own (OATH hardware). */
const isApp = ({ type, data }: Comparable): boolean =>
  type === pushType || (type === totpType && textIn(data, 'serial') === undefined);

/** A phone without a kind was bound by an earlier version or by the command line: behind an extension it is an office. */
const isMobile = ({ type, data }: Comparable): boolean =>
  type === phoneType &&
  (textIn(data, 'kind') ?? (textIn(data, 'extension') === undefined ? 'mobile' : 'office')) === 'mobile';

/** The mobile phone of a person that has an app: its number, where there is one, is in the same hand. */
const mobileDevice = 'device:mobile';

/** All synced passkeys of a person: mostly one account syncs them all, and who loses that account loses all of them. */
const syncedPasskeys = 'device:synced-passkeys';

/** True for a passkey that several devices of its owner share. */
export const isSynced = ({ type, data }: Comparable): boolean =>
  type === passkeyType && textIn(data, 'deviceType') === 'multiDevice';

/** True for the number of the mobile phone, and for the apps on it. */
export const isOnMobile = (each: Comparable): boolean => isApp(each) || isMobile(each);

/** The channel of an authenticator: a number, a mailbox, or a device. */
export const channelOf = (each: Comparable): string => {
  if (isApp(each)) return mobileDevice;
  if (isSynced(each)) return syncedPasskeys;
  if (each.type === phoneType) return `number:${textIn(each.data, 'number') ?? ''}`;
  const mailbox = textIn(each.data, 'email');
  if (mailbox !== undefined) return mailboxOf(mailbox);
  return `device:${each.id ?? each.type}`;
};

/** The channel of messages to this e-mail address. */
export const mailboxOf = (address: string): string => `mailbox:${address.toLowerCase()}`;

/**
 * How many of these a person can lose one at a time. Each number counts once, however it is called or texted; all apps count
 * once, and not at all beside a mobile number. All synced passkeys count once, others each. Recovery codes and passes never count.
 */
export const independentCount = (authenticators: readonly Comparable[]): number => {
  const methods = authenticators.filter(isMethod);
  const channels = new Set(methods.map(channelOf));
  if (channels.has(mobileDevice) && methods.some(isMobile)) channels.delete(mobileDevice);
  return channels.size;
};

/** True where losing what the person has would leave them this candidate. */
export const addsIndependence = (authenticators: readonly Comparable[], candidate: Comparable): boolean =>
  independentCount([...authenticators, candidate]) > independentCount(authenticators);

/**
 * True where a person may be asked for this authenticator first. A phone gets lost, and its app with all that it knows: a paired
 * device is never first before another method exists that is not lost with it.
 */
export const mayBeDefault = ({ type }: Comparable, authenticators: readonly Comparable[]): boolean =>
  type !== pushType || independentCount(authenticators) > 1;

/**
 * True where two steps of one sign-in would go by the same mailbox, number or device, and so be one: a password that was just
 * reset by mail, and a code by mail. Arguments are channels, as `channelOf` and `mailboxOf` give them.
 */
export const sharesChannel = (first: readonly string[], second: readonly string[]): boolean =>
  first.some(each => second.includes(each));
