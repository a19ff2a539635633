/** Tests which return addresses a client can register, and what is said about the others. */
import { describe, expect, test } from '@jest/globals';
import { addressProblem, isForNative, trimmedAddress } from '../../src/oidc/clients/addresses.ts';
import { webOrigin } from '../../src/oidc/http/return-address.ts';

describe('an address that can be registered', () => {
  test.each([
    'https://app.example.com/callback',
    'https://app.example.com',
    'https://app.example.com:8443/cb?tenant=1',
    'https://xn--mnchen-3ya.example/cb',
    'https://app.example.com/cb/%7Euser',
    'http://127.0.0.1:3000/cb',
    'http://[::1]/cb',
    'http://localhost:5173',
  ])('%s: for a web client and a native one', uri => {
    expect([addressProblem(uri, 'web'), addressProblem(uri, 'native')]).toEqual([undefined, undefined]);
  });

  test.each(['com.example.app:/callback', 'com.example.app://callback', 'com.example.app:callback'])(
    '%s: for a native client only, as its own scheme',
    uri => {
      expect(addressProblem(uri, 'native')).toBeUndefined();
      expect(addressProblem(uri, 'web')).toContain('for native clients only');
    },
  );
});

/** What is refused for both kinds of clients, and a part of the sentence that says why. */
const refused: readonly (readonly [desc: string, uri: string, sentence: string])[] = [
  ['a wildcard for the host', 'https://*.example.com/cb', 'no wildcards'],
  ['a wildcard for the path', 'https://app.example.com/*', 'no wildcards'],
  ['a fragment', 'https://app.example.com/cb#a', 'no fragment'],
  ['an empty fragment', 'https://app.example.com/cb#', 'no fragment'],
  ['credentials', 'https://user:password@app.example.com/cb', 'no user name'],
  ['a user name alone', 'https://app.example.com@contoso.example/cb', 'no user name'],
  ['a space inside', 'https://app.example.com/my cb', 'no spaces'],
  ['a line feed inside', 'https://app.example.com/\ncb', 'no spaces'],
  ['an invisible character inside', 'https://app.exa\u200Bmple.com/cb', 'no spaces and no invisible'],
  ['a backslash', 'https:\\\\app.example.com\\cb', 'no backslashes'],
  ['a host that ends a directive of a policy', 'https://app.example.com;script-src/cb', 'letters, digits'],
  ['a host with a sign that no name has', "https://app'.example.com/cb", 'letters, digits'],
  ['no scheme', 'app.example.com/cb', 'https://app.example.com/callback'],
  ['nothing', '', 'https://app.example.com/callback'],
  ['plain http to another machine', 'http://app.example.com/cb', 'expected https: http is for'],
  ['a host that only begins like this machine', 'http://127.0.0.1.example.com/cb', 'expected https: http is for'],
  ['a scheme in capitals', 'HTTPS://app.example.com/cb', 'expected https://app.example.com/cb:'],
  ['a host in capitals', 'https://App.Example.com/cb', 'expected https://app.example.com/cb:'],
  ['the default port', 'https://app.example.com:443/cb', 'expected https://app.example.com/cb:'],
  ['the default port of http', 'http://localhost:80/cb', 'expected http://localhost/cb:'],
  ['dot segments', 'https://app.example.com/a/../cb', 'expected https://app.example.com/cb:'],
  ['encoded dot segments', 'https://app.example.com/a/%2e%2e/cb', 'expected https://app.example.com/cb:'],
  ['a host that is not ASCII', 'https://münchen.example/cb', 'expected https://xn--mnchen-3ya.example/cb:'],
  ['a path that is not ASCII', 'https://app.example.com/é', 'expected https://app.example.com/%C3%A9:'],
  ['an IPv4 address written short', 'http://127.1/cb', 'expected http://127.0.0.1/cb:'],
  ['a slash missing in front of the query', 'https://app.example.com?a=1', 'expected https://app.example.com/?a=1:'],
  ['script', 'javascript:alert(1)', 'expected https; a program'],
  ['data', 'data:text/html,x', 'expected https; a program'],
  ['a file', 'file:///tmp/cb', 'expected https; a program'],
  ['another protocol', 'ftp://app.example.com/cb', 'expected https; a program'],
  ['a scheme of its own without a dot', 'myapp:/callback', 'com.example.app:/callback'],
  ['out of band', 'urn:ietf:wg:oauth:2.0:oob', 'com.example.app:/callback'],
  ['an address that no request may be as long as', `https://app.example.com/${'a'.repeat(2048)}`, 'at most 2048 bytes'],
];

describe('an address that is refused, with the reason', () => {
  test.each(refused)('%s', (_desc, uri, sentence) => {
    for (const type of ['web', 'native'] as const) {
      const problem = addressProblem(uri, type);
      expect(problem).toContain(sentence);
      expect(problem).toContain(`got ${JSON.stringify(uri.slice(0, 300))}`);
    }
  });

  test('an own scheme without a path', () => {
    expect(addressProblem('com.example.app:', 'native')).toContain(
      'expected a path, such as com.example.app:/callback',
    );
  });

  test('an own scheme in capitals, which programs get in lower case', () => {
    expect(addressProblem('Com.Example.App:/cb', 'native')).toContain('expected com.example.app:/cb:');
  });
});

test.each([
  ' https://app.example.com/cb ',
  '\thttps://app.example.com/cb\r\n',
  '\uFEFFhttps://app.example.com/cb\u200B',
  '\u00A0\u3000https://app.example.com/cb',
])('%j is trimmed, whatever the clipboard brought along', typed => {
  expect(trimmedAddress(typed)).toBe('https://app.example.com/cb');
});

test('loopback http addresses and own schemes are those of installed programs', () => {
  const own = ['http://127.0.0.1/cb', 'http://[::1]:1/cb', 'http://localhost:3/', 'com.example.app:/cb'];
  const others = ['https://localhost/cb', 'https://app.example.com/cb', 'http://example.com/', 'urn:x:y', 'nothing'];
  expect([own, others].map(uris => uris.map(isForNative))).toEqual([own.map(() => true), others.map(() => false)]);
});

test('an own scheme has no web origin, which would be that of every sandboxed page', () => {
  expect([webOrigin('com.example.app:/cb'), webOrigin('https://app.example.com/cb')]).toEqual([
    undefined,
    'https://app.example.com',
  ]);
});
