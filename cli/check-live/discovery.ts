/** Asks our public address for the discovery document: unlike probes, it is never moved to the management port. */
import type { Millis } from '../../src/ports/time.ts';

/** Relative to the origin that is asked. OpenID Connect Discovery 1.0, section 4. */
export const discoveryPath = '/.well-known/openid-configuration';

const timeout: Millis = 5000;

/** Status and headers of the answer, or the reason why there is none. */
export type Discovery =
  | { readonly status: number; readonly headers: Headers }
  | { readonly status: undefined; readonly reason: string };

/** `base`: an origin, perhaps with a path, without a slash at its end. */
export const askDiscovery = async (base: string): Promise<Discovery> => {
  try {
    return await fetch(`${base}${discoveryPath}`, { redirect: 'manual', signal: AbortSignal.timeout(timeout) });
  } catch (error) {
    return { status: undefined, reason: noAnswer(error) };
  }
};

/** Says that `fetch` got no answer, with the code of its error. */
export const noAnswer = (error: unknown): string => {
  const cause: unknown = Error.isError(error) ? error.cause : undefined;
  const code: unknown = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return `no answer (${typeof code === 'string' ? code : 'timeout after 5 s'})`;
};
