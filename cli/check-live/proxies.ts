/** Compares the number of proxies that the settings state with what our public address answers. */
import type { Millis } from '../../src/ports/time.ts';
import type { Finding, LiveSettings } from './finding.ts';

const timeout: Millis = 5000;

/** Headers that proxies add to answers. This server sends none of them. */
const proxyHeaders = ['via', 'server', 'x-served-by', 'x-cache', 'cf-ray', 'x-amz-cf-id', 'x-azure-ref'] as const;

const answerOf = async (address: URL): Promise<Headers | undefined> => {
  try {
    const { headers } = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(timeout) });
    return headers;
  } catch {
    return undefined;
  }
};

/**
 * Does something in front of this server speak HTTP, though the settings state no proxy? Empty in development and where our
 * address does not answer. How many proxies there are cannot be seen from outside.
 */
export const proxyFindings = async ({ mode, issuer, proxyHops }: LiveSettings): Promise<readonly Finding[]> => {
  const headers = mode === 'production' ? await answerOf(new URL('/healthz', issuer)) : undefined;
  if (headers === undefined) return [];
  const about = `proxies at ${issuer.origin}`;
  const sign = proxyHeaders.find(name => headers.has(name));
  if (proxyHops > 0) return [{ about, ok: true, got: `${proxyHops} by SALLYPORT_PROXY_HOPS` }];
  if (sign === undefined) return [{ about, ok: true, got: 'none, and the answer shows no sign of one' }];
  return [
    {
      about,
      ok: false,
      got: `none by SALLYPORT_PROXY_HOPS, but an answer with ${sign}: ${(headers.get(sign) ?? '').slice(0, 60)}`,
      expected: 'the number of proxies that append to X-Forwarded-For',
      remedy:
        'Set SALLYPORT_PROXY_HOPS, usually to 1: otherwise all people share the address and the limits of the proxy.',
    },
  ];
};
