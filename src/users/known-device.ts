/**
 * Describes a browser in which people have signed in before, as our cookie states it. It is not a proof and replaces no step:
 * it selects the limit that wrong passwords count towards, and the second step that is offered first. Pure.
 */
import { randomToken } from '../crypto.ts';
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { User } from '../records.ts';

/** Content of the cookie. */
export interface KnownDevice {
  /** 128 random bits. */
  readonly id: string;
  /** People who finished a sign-in here, the last one first. */
  readonly people: readonly Visit[];
}

/** A finished sign-in of one person in this browser. */
export interface Visit {
  readonly userId: string;
  /** When the first step was proven here. Absent where only a step-up was finished. */
  readonly at?: EpochMillis;
  /** The second step that was used last, by its name in forms. */
  readonly method?: string;
}

/** How long a browser is known after the last sign-in in it. */
export const knownDeviceTime: Millis = 180 * 86_400_000;

const maxPeople = 5;
/** Characters. */
const maxMethodLength = 64;

const visitOf = (device: KnownDevice | undefined, userId: string): Visit | undefined =>
  device?.people.find(each => each.userId === userId);

/** Whether this person signed in here after they were last signed out everywhere (a new password, a lock). */
export const isKnownTo = (device: KnownDevice | undefined, { id, signedOutAt }: User): boolean => {
  const at = visitOf(device, id)?.at;
  return at !== undefined && (signedOutAt === undefined || at > signedOutAt);
};

/** The device after one more visit. Members that the visit does not have keep their value. */
export const visited = (device: KnownDevice | undefined, { userId, at, method }: Visit): KnownDevice => {
  const visit: Visit = {
    ...visitOf(device, userId),
    userId,
    ...(at !== undefined && { at }),
    ...(method !== undefined && method.length <= maxMethodLength && { method }),
  };
  const others = (device?.people ?? []).filter(each => each.userId !== userId);
  return { id: device?.id ?? randomToken(), people: [visit, ...others].slice(0, maxPeople) };
};

/** The second step that this person used here last. */
export const lastMethodOf = (device: KnownDevice | undefined, userId: string): string | undefined =>
  visitOf(device, userId)?.method;
