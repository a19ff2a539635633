/**
 * A browser in which people have signed in before, as a cookie of ours tells it. It proves nothing and skips nothing: it
 * chooses whose budget a wrong password is counted in, and remembers which second step was used here last. Pure.
 */
import { randomToken } from '../crypto.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';

export interface KnownDevice {
  /** 128 random bits. */
  readonly id: string;
  /** Who finished a sign-in here, the last one first. */
  readonly people: readonly Visit[];
}

export interface Visit {
  readonly userId: string;
  /** When the first step was proven here; absent: only a step-up was finished. */
  readonly at?: EpochMillis;
  /** The second step that was used last, by the name that forms post. */
  readonly method?: string;
}

const mostPeople = 5;
const longestMethod = 64;

const visitOf = (device: KnownDevice | undefined, userId: string): Visit | undefined =>
  device?.people.find(each => each.userId === userId);

/** Whether this person signed in here since their password was last set or their account last locked. */
export const isKnownTo = (device: KnownDevice | undefined, { id, signedOutAt }: User): boolean => {
  const at = visitOf(device, id)?.at;
  return at !== undefined && (signedOutAt === undefined || at > signedOutAt);
};

/** The same device after one more visit: what the visit does not say stays as it was. */
export const visited = (device: KnownDevice | undefined, { userId, at, method }: Visit): KnownDevice => {
  const visit: Visit = {
    ...visitOf(device, userId),
    userId,
    ...(at !== undefined && { at }),
    ...(method !== undefined && method.length <= longestMethod && { method }),
  };
  const others = (device?.people ?? []).filter(each => each.userId !== userId);
  return { id: device?.id ?? randomToken(), people: [visit, ...others].slice(0, mostPeople) };
};

export const lastMethodOf = (device: KnownDevice | undefined, userId: string): string | undefined =>
  visitOf(device, userId)?.method;
