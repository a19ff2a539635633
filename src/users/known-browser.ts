/**
 * Describes a browser in which people have signed in before, as our cookie states it. It is not a proof and replaces no step:
 * it selects the limit that wrong passwords count towards, and the second step that is offered first. Pure.
 */
import { randomToken } from '../crypto.ts';
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { User } from '../records.ts';

/** Content of the cookie. */
export interface KnownBrowser {
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
export const knownBrowserTime: Millis = 180 * 86_400_000;

const maxPeople = 5;
/** Characters. */
const maxMethodLength = 64;

const visitOf = (browser: KnownBrowser | undefined, userId: string): Visit | undefined =>
  browser?.people.find(each => each.userId === userId);

/** Whether this person signed in here after they were last signed out everywhere (a new password, a lock). */
export const isKnownTo = (browser: KnownBrowser | undefined, { id, signedOutAt }: User): boolean => {
  const at = visitOf(browser, id)?.at;
  return at !== undefined && (signedOutAt === undefined || at > signedOutAt);
};

/** The browser after one more visit. Members that the visit does not have keep their value. */
export const visited = (browser: KnownBrowser | undefined, { userId, at, method }: Visit): KnownBrowser => {
  const visit: Visit = {
    ...visitOf(browser, userId),
    userId,
    ...(at !== undefined && { at }),
    ...(method !== undefined && method.length <= maxMethodLength && { method }),
  };
  const others = (browser?.people ?? []).filter(each => each.userId !== userId);
  return { id: browser?.id ?? randomToken(), people: [visit, ...others].slice(0, maxPeople) };
};

/** The second step that this person used here last. */
export const lastMethodOf = (browser: KnownBrowser | undefined, userId: string): string | undefined =>
  visitOf(browser, userId)?.method;
