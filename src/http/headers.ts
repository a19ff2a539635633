/**
 * Lists the security headers of each answer, including those of oidc-provider. Routes may change the caching, and no other header.
 * Only the page of the authenticator has a policy of its own.
 */

const directives = [
  "default-src 'none'",
  // Each directive is listed: the library adds the hash of its script only to a script-src of its own.
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
];
const policy = [...directives, "trusted-types 'none'"].join('; ');

/** Browser features that our pages do not use. */
const unusedFeatures = [
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
/** Features that our own pages use: texted codes (WebOTP) and passkeys (WebAuthn §5.9). */
const ownFeatures = ['otp-credentials', 'publickey-credentials-create', 'publickey-credentials-get'];
const permissionsWith = (used: readonly string[]): string =>
  [
    ...unusedFeatures.filter(feature => !used.includes(feature)).map(feature => `${feature}=()`),
    ...[...ownFeatures, ...used].map(feature => `${feature}=(self)`),
  ].join(', ');

const always: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: our own forms would then have `Origin: null`, and a browser without `Sec-Fetch-Site` could not be told
  // from another site. Other origins get neither address nor origin (W3C Referrer Policy §3.3).
  'referrer-policy': 'same-origin',
  // A page that opened ours keeps no handle on our window, and cannot see that it is closed. All values but `unsafe-none` do
  // this, `noopener-allow-popups` too. A client that signs in by a popup learns of the end on its own origin (BroadcastChannel).
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': permissionsWith([]),
  'cache-control': 'no-store',
};

/** An https issuer also gets HSTS (RFC 6797) for two years. Not for subdomains, which may belong to other operators. */
export const securityHeaders = (issuer: URL): Readonly<Record<string, string>> =>
  issuer.protocol === 'https:' ? { ...always, 'strict-transport-security': 'max-age=63072000' } : always;

/**
 * Headers of the page of the authenticator in place of those above. It has a service worker and a manifest, and scans QR codes by
 * the camera. The address of a service worker is a script (Trusted Types), which the policy `authenticator` of the app names.
 */
export const authenticatorHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    ...directives,
    "worker-src 'self'",
    "manifest-src 'self'",
    'trusted-types authenticator',
  ].join('; '),
  'permissions-policy': permissionsWith(['camera']),
};
