/** Settings of the server: its mode, its addresses, and the proxies in front of it. */
import { hostAndPort, origin } from '../checks/addresses.ts';
import { oneOf, whole } from '../checks/values.ts';
import { duration, optional, withDefault } from '../setting.ts';

export const server = {
  mode: withDefault({
    name: 'SALLYPORT_MODE',
    check: oneOf('development', 'production'),
    expected: 'development or production; production where NODE_ENV is production',
    example: 'production',
    doc: 'Development fills every gap with a default of its own; production reports each gap as an error. `NODE_ENV=production` implies production.',
    fallback: 'development',
  }),
  issuer: withDefault({
    name: 'SALLYPORT_ISSUER',
    check: origin(),
    expected: 'the public origin: https://host[:port] and no path; in development http://localhost:port',
    example: 'https://login.example.com',
    doc: 'The public address of this identity provider, as browsers and clients use it. Requests for another host are refused.',
    fallback: 'http://localhost:3000',
  }),
  listen: optional({
    name: 'SALLYPORT_LISTEN',
    check: hostAndPort(),
    expected: 'host:port; in development localhost, 127.0.0.1 or [::1]',
    example: '0.0.0.0:3000',
    doc: "Where the server accepts connections. Unset: `localhost` (IPv4 and IPv6 loopback) at the issuer's port, or 3000 where the issuer has none.",
  }),
  managementListen: optional({
    name: 'SALLYPORT_MANAGEMENT_LISTEN',
    check: hostAndPort(),
    expected: 'host:port, another one than SALLYPORT_LISTEN; in development localhost, 127.0.0.1 or [::1]',
    example: '0.0.0.0:9000',
    doc: 'Where the server answers probes and gives metrics: `/healthz`, `/readyz`, `/startupz` and `/metrics`. Only the machines that ask for them should reach it. Unset: `/healthz` and `/readyz` are answered on the public port, and there are no metrics.',
  }),
  proxyHops: optional({
    name: 'SALLYPORT_PROXY_HOPS',
    check: whole(0, 10),
    expected: 'a whole number from 0 to 10',
    example: '1',
    doc: 'Number of trusted reverse proxies in front that append to `X-Forwarded-For`: the client address is that many entries from the right. 0: the header is ignored, because clients connect directly. Must be set in production with an https issuer. Unset: 0. `Forwarded` (RFC 7239) is not read.',
  }),
  drainDelay: duration(
    'SALLYPORT_DRAIN_DELAY',
    '0s',
    '0s',
    '60s',
    'Time after SIGTERM in which the process still accepts connections. `/readyz` answers 503 from the first moment, and each answer closes its connection. Set it where several nodes stand behind a load balancer, a little longer than that takes to notice: 2s for HAProxy with checks each second, 5s in Kubernetes.',
  ),
};
