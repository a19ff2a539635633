/** Headers of every answer, the library's too. A route may loosen what caching says, and nothing else. */

const policy = [
  "default-src 'none'",
  // Named one by one: the library adds the hash of its own script only where script-src stands by itself.
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Powers no page of ours uses. */
const unused = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
];
/** A page that waits for a texted code may take it from the message (WebOTP). */
const permissions = [...unused.map(power => `${power}=()`), 'otp-credentials=(self)'].join(', ');

const always: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // Nobody who opened us keeps a handle on our window, or a way to see that it is closed. Every value but `unsafe-none` does
  // that, `noopener-allow-popups` too; a client that signs in by a popup hears of its end on its own origin (BroadcastChannel).
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': permissions,
  'cache-control': 'no-store',
};

/** For an issuer with https also HSTS (RFC 6797), for two years. Hosts below the issuer's are not ours to decide about. */
export const securityHeaders = (issuer: URL): Readonly<Record<string, string>> =>
  issuer.protocol === 'https:' ? { ...always, 'strict-transport-security': 'max-age=63072000' } : always;
