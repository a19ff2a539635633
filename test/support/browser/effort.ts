/** Counts what a sign-in costs: presses of the person on pages of the issuer, and requests and bytes to it and from it. */
import type { BrowserContext, Request } from 'playwright-core';

export interface Effort {
  /** Clicks and keys of the person. What a script does is no press. */
  readonly presses: () => number;
  /** Requests to the issuer, with the bytes of both directions, heads included. */
  traffic(): Promise<{ readonly requests: number; readonly bytes: number }>;
}

/** Counts in all tabs of the context from now on. */
export const countEffort = async (context: BrowserContext, issuer: URL): Promise<Effort> => {
  const requests: Request[] = [];
  let presses = 0;
  context.on('request', request => {
    if (request.url().startsWith(issuer.origin)) requests.push(request);
  });
  await context.exposeBinding('countPress', ({ frame }) => {
    if (frame.url().startsWith(issuer.origin)) presses += 1;
  });
  await context.addInitScript(`for (const type of ['click', 'keydown'])
    addEventListener(type, event => event.isTrusted && countPress(), { capture: true })`);
  return {
    presses: () => presses,
    async traffic() {
      const sizes = await Promise.all(requests.map(request => request.sizes()));
      const bytes = sizes.reduce((sum, each) => sum + Object.values(each).reduce((all, one) => all + one, 0), 0);
      return { requests: requests.length, bytes };
    },
  };
};
