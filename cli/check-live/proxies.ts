/** Compares the number of proxies that the settings state with what our public address answers. */
import { askDiscovery, discoveryPath } from './discovery.ts';
import type { Finding, LiveSettings } from './finding.ts';

/** Headers that proxies add to answers. This server sends none of them. */
const proxyHeaders = ['via', 'server', 'x-served-by', 'x-cache', 'cf-ray', 'x-amz-cf-id', 'x-azure-ref'] as const;

/**
 * Does our public address lead to this server, and does something speak HTTP in front of it, though the settings state no proxy?
 * How many proxies there are cannot be seen from outside. Empty in development. A network may keep this machine from the public
 * address, so that no answer is not counted as a mistake.
 */
export const proxyFindings = async ({ mode, issuer, proxyHops }: LiveSettings): Promise<readonly Finding[]> => {
  if (mode !== 'production') return [];
  const about = `proxies at ${issuer.origin}`;
  const answer = await askDiscovery(issuer.origin);
  if (answer.status === undefined) return [{ about, ok: true, got: `not checked, ${answer.reason} to this machine` }];
  const { status, headers } = answer;
  if (status !== 200) {
    const remedy = 'Start the server, and let the proxy forward all paths of this host to it, with the Host header.';
    return [{ about, ok: false, got: `${status} from ${discoveryPath}`, expected: '200', remedy }];
  }
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
