/** What every answer of ours has to say to a browser, as rules: one list for the tests of routes and for every Chromium run. */

/** An answer as far as these rules look at it. Header names in lower case; `set-cookie` is judged by surface-cookies.ts. */
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

/** Files named by their content, keys and discovery: the same for everybody. Only where they are really answered. */
const isStatic = ({ path, status, method }: CheckedAnswer): boolean =>
  [200, 304].includes(status) &&
  ['GET', 'HEAD'].includes(method) &&
  /^\/(?:assets\/[^/?]+|jwks|\.well-known\/[^/?]+)(?:\?|$)/.test(path);

/** Content-Security-Policy, level 3: directives with their sources. A second one of a name is ignored by browsers. */
export const directives = (policy: string): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, readonly string[]>();
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().split(/\s+/);
    if (name !== '' && !found.has(name)) found.set(name, sources);
  }
  return found;
};

/** The one script that is not ours: the library's page that posts an answer to a client names it by its hash. */
const scriptSource = /^'(?:self|sha256-[A-Za-z0-9+/]{43}=)'$/;
const exactDirectives: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
};

const script = (shown: CheckedAnswer): readonly string[] => {
  const policy = directives(header(shown, 'content-security-policy'));
  const sources = policy.get('script-src') ?? [];
  const isPosting = sources.length > 1;
  const action = policy.get('form-action') ?? [];
  return [
    ...Object.entries(exactDirectives)
      .filter(([name, wanted]) => policy.get(name)?.join(' ') !== wanted)
      .map(([name]) => `${name} is ${policy.get(name)?.join(' ') ?? 'missing'}`),
    ...(sources[0] === "'self'" && sources.length <= 2 && sources.every(each => scriptSource.test(each))
      ? []
      : [`script-src is ${sources.join(' ')}`]),
    // To a client's own origin where the library posts to it, else to us alone.
    ...(action[0] === "'self'" && action.length <= (isPosting ? 2 : 1) && !action.includes('*')
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
    ...(header(shown, 'referrer-policy') === 'no-referrer' ? [] : ['it tells where one comes from']),
  ];
};

const permissions = (shown: CheckedAnswer): readonly string[] => {
  const said = header(shown, 'permissions-policy').split(/,\s*/);
  return ['camera=()', 'geolocation=()', 'microphone=()', 'payment=()', 'usb=()', 'otp-credentials=(self)']
    .filter(each => !said.includes(each))
    .map(each => `permissions-policy lacks ${each}`);
};

const disclosure = (shown: CheckedAnswer): readonly string[] =>
  ['server', 'x-powered-by', 'x-koa-response-time', 'etag']
    .filter(name => shown.headers[name] !== undefined && !(name === 'etag' && isStatic(shown)))
    .map(name => `it says ${name}`);

/** RFC 6797: two years, said over TLS alone. */
const transport = (shown: CheckedAnswer, isHttps: boolean): readonly string[] =>
  isHttps === /^max-age=\d{8}/.test(header(shown, 'strict-transport-security')) ? [] : ['HSTS is wrong'];

/** By what they guard. Each gives what is wrong with one answer. */
export const rules = { script, framing, caching, permissions, disclosure, transport } as const;
export type RuleName = keyof typeof rules;

/** Everything that is wrong with an answer, with its name before it; of all rules unless some are named. */
export const violations = (
  shown: CheckedAnswer,
  isHttps: boolean,
  names: readonly RuleName[] = ['script', 'framing', 'caching', 'permissions', 'disclosure', 'transport'],
): readonly string[] =>
  names.flatMap(name =>
    rules[name](shown, isHttps).map(wrong => `${shown.method} ${shown.path} (${shown.status}): ${wrong}`),
  );
