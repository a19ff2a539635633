/** Checks the cookies of the product by the lines that set them. */

/** Bytes of a whole Set-Cookie line that every browser must accept (RFC 6265 §6.1). */
const maxBytes = 4096;

/** Names of all cookies. A new cookie needs an entry here, and its reason in the code that sets it. */
const ofSomePaths = [
  'interaction',
  'resume',
  'request',
  'requests',
  'typed',
  'remembered',
  'account',
  'account-sign-in',
  'account-notice',
  'developer',
  'developer-sign-in',
  'developer-notice',
  'developer-secret',
  'reset',
  'address',
  'playground',
  'playground-flows',
];
const knownNames = new Set([...ofSomePaths, 'session', 'browser', 'start', 'known', 'language']);

interface ParsedCookie {
  readonly name: string;
  readonly value: string;
  /** In lower case, without what follows `=`. */
  readonly flags: readonly string[];
  readonly attributes: ReadonlyMap<string, string>;
}

export const readCookie = (line: string): ParsedCookie => {
  const [pair = '', ...rest] = line.split(/;\s*/);
  const cut = pair.indexOf('=');
  const parsed = rest.map(each => {
    const at = each.indexOf('=');
    return at < 0 ? [each.toLowerCase(), ''] : [each.slice(0, at).toLowerCase(), each.slice(at + 1)];
  });
  return {
    name: pair.slice(0, cut),
    value: pair.slice(cut + 1),
    flags: parsed.map(([name = '']) => name),
    attributes: new Map(parsed.map(([name = '', value = '']) => [name, value])),
  };
};

/** The name without what `src/http/cookie-name.ts` puts before it. */
export const bareName = (name: string): string => name.replace(/^(?:__Host|__Secure|sallyport)-/, '');

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Every form in which a holder of the cookie could read its value. */
const decodings = (value: string): readonly string[] => {
  const parts = [value, ...value.split('.')];
  return [value, unescaped(value), ...parts.flatMap(each => [Buffer.from(each, 'base64').toString('latin1')])];
};

/** Rules that a cookie breaks. `personal`: values that it must not hold in any case of letters (names, numbers, ids). */
export const cookieViolations = (
  line: string,
  isHttps: boolean,
  personal: readonly string[] = [],
): readonly string[] => {
  const { name, value, flags, attributes } = readCookie(line);
  const path = attributes.get('path') ?? '';
  const bare = bareName(name).replace(/\.sig$/, '');
  const wanted = isHttps ? (path === '/' ? '__Host-' : '__Secure-') : 'sallyport-';
  const wrong: (readonly [boolean, string])[] = [
    [!flags.includes('httponly'), 'script may read it'],
    [attributes.get('samesite')?.toLowerCase() !== 'lax', 'it travels from other sites'],
    [flags.includes('domain'), 'it goes to other hosts'],
    [!path.startsWith('/'), 'it has no path'],
    [Buffer.byteLength(line) > maxBytes, `it is larger than ${maxBytes} bytes`],
    [isHttps !== flags.includes('secure'), isHttps ? 'it travels without TLS' : 'it is Secure without TLS'],
    [!name.startsWith(wanted), `its name does not begin as one of ${path}`],
    [!knownNames.has(bare), 'nobody knows what it is for'],
    // The cookie of one step, or of the security page, is limited to its addresses.
    [ofSomePaths.includes(bare) === (path === '/'), `it stands at ${path}`],
  ];
  const told = decodings(value).map(each => each.toLowerCase());
  const read = personal.filter(each => each !== '' && told.some(reading => reading.includes(each.toLowerCase())));
  return [
    ...wrong.filter(([isWrong]) => isWrong).map(([, reason]) => reason),
    ...read.map(each => `${each} can be read in it`),
  ].map(reason => `${name}: ${reason}`);
};
