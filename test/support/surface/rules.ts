/** Checks the headers of every answer to a browser: one list of rules for tests of routes and for every Chromium run. */

/** The checked parts of an answer. Header names are in lower case; `set-cookie` is checked by `cookies.ts`. */
export interface CheckedAnswer {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text?: string;
}

const header = ({ headers }: CheckedAnswer, name: string): string => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
};

export const isHtml = (shown: CheckedAnswer): boolean => /^text\/html\b/i.test(header(shown, 'content-type'));

/** True for successful answers that are equal for everybody: hashed assets, keys and discovery. */
const isStatic = ({ path, status, method }: CheckedAnswer): boolean =>
  [200, 304].includes(status) &&
  ['GET', 'HEAD'].includes(method) &&
  /^\/(?:(?:authenticator\/)?assets\/[^/?]+|jwks|\.well-known\/[^/?]+)(?:\?|$)/.test(path);

/** The page of the authenticator has a service worker, a manifest and the camera. */
const isAuthenticator = (shown: CheckedAnswer): boolean =>
  shown.status === 200 && isHtml(shown) && /^\/authenticator\/(?:\?|$)/.test(shown.path);

/** Directives of a Content-Security-Policy (level 3) with their sources. Browsers ignore a repeated directive. */
export const directives = (policy: string): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, readonly string[]>();
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().split(/\s+/);
    if (name !== '' && !found.has(name)) found.set(name, sources);
  }
  return found;
};

const exactDirectives: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
};

const authenticatorDirectives: Readonly<Record<string, string>> = {
  ...exactDirectives,
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'trusted-types': 'authenticator',
};

const script = (shown: CheckedAnswer): readonly string[] => {
  const policy = directives(header(shown, 'content-security-policy'));
  const action = policy.get('form-action') ?? [];
  return [
    ...Object.entries(isAuthenticator(shown) ? authenticatorDirectives : exactDirectives)
      .filter(([name, wanted]) => policy.get(name)?.join(' ') !== wanted)
      .map(([name]) => `${name} is ${policy.get(name)?.join(' ') ?? 'missing'}`),
    // Forms lead to the client's origin on the page that posts an answer to it, otherwise only to us.
    ...(action[0] === "'self'" &&
    action.length <= (/[?&]response_mode=form_post(?:&|$)/.test(shown.path) ? 2 : 1) &&
    !action.includes('*')
      ? []
      : [`form-action is ${action.join(' ')}`]),
    ...(header(shown, 'x-content-type-options') === 'nosniff' ? [] : ['it may be sniffed']),
  ];
};

const framing = (shown: CheckedAnswer): readonly string[] => [
  ...(directives(header(shown, 'content-security-policy')).get('frame-ancestors')?.join(' ') === "'none'"
    ? []
    : ['it may be framed']),
  ...(header(shown, 'cross-origin-opener-policy') === 'same-origin' ? [] : ['its opener keeps a handle']),
  ...(header(shown, 'cross-origin-resource-policy') === 'same-origin' ? [] : ['other sites may embed it']),
  ...(header(shown, 'cross-origin-embedder-policy') === 'require-corp' ? [] : ['it may embed what did not agree']),
];

const caching = (shown: CheckedAnswer): readonly string[] => {
  const said = header(shown, 'cache-control')
    .split(',')
    .map(each => each.trim().toLowerCase());
  const kept = isStatic(shown) ? said[0] === 'public' && !said.includes('no-store') : said.includes('no-store');
  const stored = said.includes('no-store') && said.some(each => ['public', 'immutable'].includes(each));
  return [
    ...(kept && !stored ? [] : [`cache-control is ${said.join(', ')}`]),
    ...(header(shown, 'referrer-policy') === 'same-origin' ? [] : ['it tells where one comes from']),
  ];
};

const permissions = (shown: CheckedAnswer): readonly string[] => {
  const said = header(shown, 'permissions-policy').split(/,\s*/);
  const camera = isAuthenticator(shown) ? 'camera=(self)' : 'camera=()';
  const unused = [camera, 'geolocation=()', 'microphone=()', 'payment=()', 'usb=()'];
  const own = ['otp-credentials', 'publickey-credentials-create', 'publickey-credentials-get'];
  return [...unused, ...own.map(each => `${each}=(self)`)]
    .filter(each => !said.includes(each))
    .map(each => `permissions-policy lacks ${each}`);
};

const disclosure = (shown: CheckedAnswer): readonly string[] =>
  ['server', 'x-powered-by', 'x-koa-response-time', 'etag']
    .filter(name => shown.headers[name] !== undefined && !(name === 'etag' && isStatic(shown)))
    .map(name => `it says ${name}`);

/** HSTS of two years, sent only over TLS (RFC 6797 §7.2). */
const transport = (shown: CheckedAnswer, isHttps: boolean): readonly string[] =>
  isHttps === /^max-age=\d{8}/.test(header(shown, 'strict-transport-security')) ? [] : ['HSTS is wrong'];

/** Rules by the subject that they guard. Each returns the violations of one answer. */
export const rules = { script, framing, caching, permissions, disclosure, transport } as const;
export type RuleName = keyof typeof rules;

/** Violations of an answer, each with its request; of all rules by default. */
export const violations = (
  shown: CheckedAnswer,
  isHttps: boolean,
  names: readonly RuleName[] = ['script', 'framing', 'caching', 'permissions', 'disclosure', 'transport'],
): readonly string[] =>
  names.flatMap(name =>
    rules[name](shown, isHttps).map(wrong => `${shown.method} ${shown.path} (${shown.status}): ${wrong}`),
  );
