import { expect, test } from '@jest/globals';
import { cookieName } from '../src/http/cookie-name.ts';

test.each([
  ['__Host-session', { isHttps: true }],
  ['__Host-session', { isHttps: true, path: '/' }],
  ['__Secure-session', { isHttps: true, path: '/interaction' }],
  ['sallyport-session', { isHttps: false }],
  ['sallyport-session', { isHttps: false, path: '/interaction' }],
])('a cookie is named %s for %j', (name, at) => {
  expect(cookieName('session', at)).toBe(name);
});
