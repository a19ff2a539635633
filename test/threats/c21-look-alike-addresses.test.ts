/**
 * C21. A rule about an address compares its beginning, its end or a pattern, and a look-alike passes: `127.0.0.1.evil.test` for this
 * machine, `evil-crm.test` for a client, `fcm.googleapis.com.evil.test` for a push service (CVE-2026-41569, CVE-2026-18211,
 * CVE-2026-18206, GHSA-86j7-9j95-vpqj). Each rule that reads an address parses it once, and compares whole hosts or origins.
 * Guards: `src/config/checks/addresses.ts#isLoopback`, `src/oidc/clients/addresses.ts#addressProblem`, `src/http/same-origin.ts#isSameOrigin`,
 * `src/mfa/push/subscription.ts#isPushEndpoint`, `src/http/outbound.ts#createOutbound`, `src/oidc/http/host.ts#checkHost`.
 */
import { describe, expect, test } from '@jest/globals';
import { addressProblem, isForNative } from '../../src/oidc/clients/addresses.ts';
import { webOrigin } from '../../src/oidc/http/return-address.ts';
import { checkHost } from '../../src/oidc/http/host.ts';
import { createOutbound } from '../../src/http/outbound.ts';
import { isSameOrigin } from '../../src/http/same-origin.ts';
import { isPushEndpoint } from '../../src/mfa/push/subscription.ts';
import { loadSettings } from '../../src/config.ts';

/** Hosts that look like this machine, as text. */
const likeThisMachine = [
  'localhost.evil.test',
  'localhost.',
  'localhost.localdomain',
  'evil-localhost',
  'xn--localhost-',
  'localhost%2eevil.test',
  'lоcalhost', // with a Cyrillic letter
  'localhost@evil.test',
  'localhost:80@evil.test',
  '127.0.0.1.evil.test',
  '127.0.0.1@evil.test',
  '127.0.0.1%2eevil.test',
  '127.0.0.1.nip.test',
  '127.0.0.1\u3002evil.test',
  '127-0-0-1.evil.test',
  '128.0.0.1',
  '0.0.0.0',
  '0',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[::1.evil.test]',
  '[::1%25lo]',
  '::1.evil.test',
] as const;
/** Other spellings of this machine that URL parsers correct, and clients do not send. */
const otherSpellings = ['127.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.0.0.1.', 'LOCALHOST', 'ⓛocalhost'] as const;

const own = new URL('https://login.example');
/** Hosts that look like ours. */
const likeOurs = [
  'login.example.evil.test',
  'evil-login.example',
  'login.example.',
  'login.example@evil.test',
  'evil.test#login.example',
  'login-example',
  'sub.login.example',
  'login.example:8443',
  'login.examp1e',
] as const;

/** What a rule says, for the addresses it is for and for those that only look so. */
const rules: readonly {
  readonly rule: string;
  readonly allows: (text: string) => boolean;
  readonly real: readonly string[];
  readonly alike: readonly string[];
}[] = [
  {
    rule: 'plain http in the address of a client',
    allows: host => addressProblem(`http://${host}/cb`, 'web') === undefined,
    real: ['localhost', '127.0.0.1', '127.8.9.10:3000', '[::1]:1'],
    alike: [...likeThisMachine, ...otherSpellings],
  },
  {
    rule: 'an address that only an installed program receives',
    allows: host => isForNative(`http://${host}/cb`),
    real: ['localhost', '127.0.0.1', '[::1]'],
    alike: likeThisMachine,
  },
  {
    rule: 'a form of ours, by its Origin',
    allows: host => isSameOrigin({ origin: `https://${host}` }, own.origin),
    real: ['login.example'],
    alike: likeOurs,
  },
  {
    rule: 'the Host of a request',
    allows: host => {
      try {
        checkHost({ url: '/', rawHeaders: ['Host', host] }, own);
        return true;
      } catch {
        return false;
      }
    },
    real: ['login.example', 'login.example:443', 'LOGIN.example'],
    alike: likeOurs,
  },
  {
    rule: 'a page that may call for a client (CORS), by the origin of its address',
    allows: host => webOrigin('https://crm.test/cb') === `https://${host}`,
    real: ['crm.test'],
    alike: ['crm.test.evil.test', 'evil-crm.test', 'crm.test.', 'crm.test:8443', 'a.crm.test', 'crm.test@evil.test'],
  },
  {
    rule: 'a push service',
    allows: host => isPushEndpoint(`https://${host}/send/x`, []),
    real: ['fcm.googleapis.com', 'web.push.apple.com', 'eu.push.apple.com', 'wns2.notify.windows.com'],
    alike: [
      'fcm.googleapis.com.evil.test',
      'evil-fcm.googleapis.com',
      'xfcm.googleapis.com',
      'fcm.googleapis.com@evil.test',
      'fcm.googleapis.com:8443',
      'fcm.googleapis.com.',
      'evilpush.apple.com',
      'push.apple.com.evil.test',
      'evil-notify.windows.com',
      'notify.windows.com.evil.test',
      ...likeThisMachine.filter(host => !host.includes('\u3002')),
    ],
  },
  {
    rule: 'the issuer of a development environment, which is for this machine only',
    allows: host => {
      try {
        loadSettings({ SALLYPORT_ISSUER: `http://${host}`, SALLYPORT_DATABASE_URL: 'memory:' });
        return true;
      } catch {
        return false;
      }
    },
    real: ['localhost:3000', '127.0.0.1:3000'],
    alike: likeThisMachine,
  },
];

describe.each(rules)('C21 $rule', ({ allows, real, alike }) => {
  test.each(real)('C21 allows %s', text => {
    expect(allows(text)).toBe(true);
  });
  test.each(alike)('C21 does not take %s for it', text => {
    expect(allows(text)).toBe(false);
  });
});

describe('C21 an origin that the operator lets the server request', () => {
  const asked: string[] = [];
  const send = createOutbound({
    allowed: [new URL('http://127.0.0.1:9'), new URL('https://crm.internal')],
    schedule: () => () => {},
    resolve: async () => ['127.0.0.1'],
    connect: ({ host }) => {
      asked.push(String(host));
      throw new Error('connected');
    },
  });

  test('C21 is requested', async () => {
    await expect(send('https://crm.internal/x')).rejects.toThrow('connected');
    expect(asked).toEqual(['crm.internal']);
  });

  test.each([
    'https://crm.internal.evil.test/',
    'https://evil-crm.internal/',
    'https://a.crm.internal/',
    'https://crm.internal:8443/',
    'https://crm.internal@evil.test/',
    'http://crm.internal/',
    'https://crm.internal./',
    'http://127.0.0.1:90/',
    'http://127.0.0.2:9/',
    'http://localhost:9/',
    'http://[::ffff:127.0.0.1]:9/',
    'http://127.0.0.1.evil.test:9/',
  ])('C21 lends its place to no look-alike: %s', async address => {
    asked.length = 0;
    await expect(send(address)).rejects.toMatchObject({ code: 'unreached', retryable: false });
    expect(asked).toEqual([]);
  });
});
