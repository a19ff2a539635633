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
const permissions = [
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
]
  .map(power => `${power}=()`)
  .join(', ');

const always: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': permissions,
  'cache-control': 'no-store',
};

/** For an issuer with https also HSTS (RFC 6797), for two years. */
export const securityHeaders = (issuer: URL): Readonly<Record<string, string>> =>
  issuer.protocol === 'https:' ? { ...always, 'strict-transport-security': 'max-age=63072000' } : always;
