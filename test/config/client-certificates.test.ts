/** Tests the settings of clients' certificates: a header that clients could send themselves is refused. */
import { describe, expect, test } from '@jest/globals';
import { loadSettings } from '../../src/config.ts';
import { errorIn } from '../support/environments.ts';

const base = { SALLYPORT_MODE: 'development', SALLYPORT_DATABASE_URL: 'memory:' };
const reported = (env: Record<string, string>): string => errorIn({ ...base, ...env })?.message ?? '';

test('a header of a trusted proxy is accepted, in lower case', () => {
  const env = { SALLYPORT_PROXY_HOPS: '1', SALLYPORT_CLIENT_CERTIFICATE_HEADER: 'X-Client-Cert' };
  expect(loadSettings({ ...base, ...env }).clientCertificates).toEqual({
    header: 'x-client-cert',
    format: 'rfc9440',
    authorities: [],
  });
  expect(loadSettings(base).clientCertificates).toBeUndefined();
});

describe('is refused', () => {
  test.each([
    ['a header without a proxy', { SALLYPORT_CLIENT_CERTIFICATE_HEADER: 'X-Client-Cert' }, /without a proxy/],
    [
      'a header without a trusted proxy',
      { SALLYPORT_CLIENT_CERTIFICATE_HEADER: 'X-Client-Cert', SALLYPORT_PROXY_HOPS: '0' },
      /without a proxy/,
    ],
    [
      'an origin without a header',
      { SALLYPORT_MTLS_ORIGIN: 'https://mtls.example.com' },
      /SALLYPORT_CLIENT_CERTIFICATE_HEADER too/,
    ],
    ['text for an authority', { SALLYPORT_CLIENT_CERTIFICATE_AUTHORITIES: 'x' }, /certificates in PEM/],
  ])('%s', (_title, env, message) => {
    expect(reported(env)).toMatch(message);
  });

  test.each(['authorization', 'Cookie', 'Host', 'X-Forwarded-For', 'DPoP', 'content-type', 'a b', 'x:y'])(
    'the header %j, which has another meaning or cannot be sent',
    name => {
      const env = { SALLYPORT_PROXY_HOPS: '1', SALLYPORT_CLIENT_CERTIFICATE_HEADER: name };
      expect(reported(env)).toMatch(/SALLYPORT_CLIENT_CERTIFICATE_HEADER/);
    },
  );
});
