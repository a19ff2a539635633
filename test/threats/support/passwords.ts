/** Posts passwords as a program does: from any address, at any speed. */
import type { Resources } from '../../../server/services.ts';
import { workOf } from '../../../src/users/passwords/password-hash.ts';
import type { Answer, Browser } from '../../support/browser/plain.ts';

/** One trusted proxy, so that a test sets the address of a request by `X-Forwarded-For`. */
export const behindProxy = { SALLYPORT_PROXY_HOPS: '1' };

export interface Guess {
  readonly name: string;
  readonly password: string;
  readonly address?: string;
}

export const tryPassword = (browser: Browser, uid: string, { name, password, address }: Guess): Promise<Answer> =>
  browser.go(`/interaction/${uid}/password`, {
    form: { name, password },
    headers: address === undefined ? {} : { 'x-forwarded-for': address },
  });

export interface Hashes {
  /** Passwords that were compared with a hash. */
  compared: number;
  /** Work of these comparisons, by family of hash. */
  work: Readonly<Record<string, number>>;
  readonly wrap: (resources: Resources) => Resources;
}

export const countHashes = (): Hashes => {
  const counted: Hashes = {
    compared: 0,
    work: {},
    wrap: resources => ({
      ...resources,
      passwords: {
        hash: password => resources.passwords.hash(password),
        verify(password, phc) {
          counted.compared += 1;
          const { family = phc, units = 1 } = workOf(phc) ?? {};
          counted.work = { ...counted.work, [family]: (counted.work[family] ?? 0) + units };
          return resources.passwords.verify(password, phc);
        },
        close: () => resources.passwords.close(),
      },
    }),
  };
  return counted;
};

const hour = 3_600_000;
/** The next full hour, so that the windows of a test do not depend on the time of the run. */
export const nextHour = (now: number): number => (Math.floor(now / hour) + 1) * hour;
