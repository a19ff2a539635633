/**
 * Defines the checks of single settings as zod schemas: text in, typed value out. zod's own messages are not
 * shown, because the `expected` line in the table is more precise.
 */
import { createSecretKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type * as Numbering from 'libphonenumber-js/max';
import * as z from 'zod';
import type { SealingKey } from '../crypto.ts';
import { lazily } from '../lazily.ts';
import { readDetailTypes, type DetailTypes } from './authorization-details.ts';
import { readPolicy, type PolicyFile } from '../policy/read.ts';
import { readScopes } from '../scopes/read.ts';
import type { OperatorScopes } from '../scopes/scopes.ts';
import type { FileValue } from '../yaml-form.ts';
import type { Millis } from '../ports/time.ts';
import { redisAddress, redisLogin, type RedisAddress, type RedisLogin } from './redis-address.ts';

/** Characters of the longest value. A longer one is refused before any pattern runs over it. */
const maxTextLength = 16_384;
/** Characters of the longest file that a setting may come from. */
export const maxFileLength = 262_144;
const text = z.string().max(maxTextLength, { abort: true });

/** The numbering plans of all countries take 11 MB. */
const numbering = lazily<typeof Numbering>('libphonenumber-js/max');
/** With one parameter: as a second one `isSupportedCountry` takes its own numbering plans. */
const isCountry = (code: string): boolean => numbering().isSupportedCountry(code);

const separated = text.transform(value => value.split(',').map(each => each.trim()));
const isDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** Exactly one of `values`, case-sensitive. */
export const oneOf = <T extends string>(...values: readonly [T, ...T[]]): z.ZodType<T> => z.enum(values);

/** One or more of `values`, separated by commas, without duplicates. */
export const someOf = <T extends string>(...values: readonly [T, ...T[]]): z.ZodType<readonly T[]> =>
  separated.pipe(z.array(z.enum(values))).refine(isDistinct);

/** A whole number in decimal digits. The pattern comes first, because `Number` also reads `0x1`, `1e0` and ` 1 `. */
export const whole = (min: number, max: number): z.ZodType<number> =>
  text
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

const units: Readonly<Record<string, Millis>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const millis = (value: string): Millis => Number(value.slice(0, -1)) * (units[value.slice(-1)] ?? Number.NaN);

/** A duration such as `90s`, `10m`, `24h` or `14d`. Both bounds have the same form. */
export const duration = (min: string, max: string): z.ZodType<Millis> =>
  text
    .regex(/^\d{1,6}[smhd]$/)
    .transform(millis)
    .pipe(z.int().min(millis(min)).max(millis(max)));

/** A duration, or `forever`: Infinity. */
export const durationOrForever = (min: string, max: string): z.ZodType<Millis> =>
  z.union([z.literal('forever').transform(() => Infinity), duration(min, max)]);

/** An http(s) origin: scheme and host, without path, query, fragment or credentials. */
export const origin = (): z.ZodType<URL> =>
  text
    // z.url() trims, and drops tabs and line feeds without an error
    .regex(/^\S+$/)
    .pipe(z.url({ protocol: /^https?$/ }))
    .transform(value => ({ value, url: new URL(value) }))
    // Compared as text: the parser would accept `HTTPS://Login.example/x/..` and turn it into an origin.
    .refine(({ value, url }) => value === url.origin || value === `${url.origin}/`)
    .transform(({ url }) => url);

/** An http(s) address that paths are appended to: without query, fragment or credentials. */
export const baseAddress = (): z.ZodType<URL> =>
  text
    .regex(/^[^\s?#@]+$/)
    .pipe(z.url({ protocol: /^https?$/, hostname: /./ }))
    .transform(value => new URL(value));

/** One or more origins, separated by commas, without duplicates. */
export const origins = (): z.ZodType<readonly URL[]> =>
  separated.transform((values, ctx) => {
    const urls = values.flatMap(value => origin().safeParse(value).data ?? []);
    if (urls.length < values.length || !isDistinct(urls.map(url => url.origin))) ctx.addIssue('not distinct origins');
    return urls;
  });

/** Where somebody can be reached: a `mailto:` or an https address (RFC 8292 §2.1). */
export const contact = (): z.ZodType<string> =>
  z.union([
    text.regex(/^mailto:[^\s@?]{1,64}@[^\s@?]{1,255}$/),
    text.regex(/^\S+$/).pipe(z.url({ protocol: /^https$/ })),
  ]);

/** A host name in lower case, without a port. IP addresses are refused. */
export const hostName = (): z.ZodType<string> =>
  text
    .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/)
    .refine(value => value.length <= 253 && isIP(value) === 0);

/** UUIDs of models of authenticators (WebAuthn §6.5.1), in lower case. */
export const aaguids = (): z.ZodType<readonly string[]> =>
  separated
    .pipe(z.array(z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)))
    .transform(values => values.map(value => value.toLowerCase()))
    .refine(isDistinct);

const pemBegin = '-----BEGIN CERTIFICATE-----';
const pemEnd = '-----END CERTIFICATE-----';
/** Each certificate in PEM. Split without a pattern: a file of roots is longer than any other setting. */
const certificatesIn = (file: string): readonly string[] =>
  file
    .split(pemEnd)
    .slice(0, -1)
    .map(part => `${part.slice(Math.max(0, part.lastIndexOf(pemBegin)))}${pemEnd}`);
const isIssuerCertificate = (pem: string): boolean => {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
};

/** One to a hundred certificates of issuers (CA) in PEM. Text between them is ignored. */
export const certificates = (): z.ZodType<readonly string[]> =>
  z
    .string()
    .max(maxFileLength, { abort: true })
    .transform(certificatesIn)
    .refine(pems => pems.length > 0 && pems.length <= 100 && pems.every(isIssuerCertificate));

/** A file of the operator. Each mistake in it is an issue with a `fault`. */
const fileOf = <T>(read: (text: string) => FileValue<T>): z.ZodType<T> =>
  z
    .string()
    .max(maxFileLength, { abort: true })
    .transform((file, context) => {
      const result = read(file);
      if (result.ok) return result.value;
      for (const fault of result.faults) {
        context.addIssue({ code: 'custom', message: fault.expected, params: { fault } });
      }
      return z.NEVER;
    });

/** Types of authorization details. */
export const detailTypes = (): z.ZodType<DetailTypes> => fileOf(readDetailTypes);

/** A policy file. */
export const policyFile = (): z.ZodType<PolicyFile> => fileOf(readPolicy);

/** A file of scopes. */
export const scopesFile = (): z.ZodType<OperatorScopes> => fileOf(readScopes);

/** Headers that mean something to a server already. */
const takenHeader =
  /^(?:host|cookie|authorization|dpop|content-.*|accept.*|sec-.*|x-forwarded-.*|forwarded|x-real-ip|origin|referer|connection|transfer-encoding|te|upgrade|traceparent)$/;

/** The name of a header without another meaning, in lower case. */
export const headerName = (): z.ZodType<string> =>
  text
    .max(64, { abort: true })
    .regex(/^[A-Za-z0-9-]+$/)
    .transform(name => name.toLowerCase())
    .refine(name => !takenHeader.test(name));

/** The path of a file or folder. Whether it exists is seen where it is read. */
export const path = (): z.ZodType<string> => text.max(4096).refine(each => !each.includes('\0'));

/** `host:port`, with an IPv6 host in brackets. */
export const hostAndPort = (): z.ZodType<{ readonly host: string; readonly port: number }> =>
  text
    .regex(/^(?:\[[0-9a-f:]{2,39}\]|[a-z0-9.-]{1,253}):\d{1,5}$/i)
    .transform(value => {
      const colon = value.lastIndexOf(':');
      return { host: value.slice(0, colon).replaceAll(/[[\]]/g, ''), port: Number(value.slice(colon + 1)) };
    })
    .refine(({ port }) => port >= 1 && port <= 65_535);

/** Store that SALLYPORT_DATABASE_URL selects. `path` of the database file, relative to the working directory. */
export type DatabaseUrl =
  | { readonly store: 'sqlite'; readonly path: string }
  | { readonly store: 'memory' }
  | { readonly store: 'mongodb'; readonly url: string };

/**
 * Options that a connection string of MongoDB must not have, because the store sets them: write concern, read concern and
 * preference, and retries.
 */
const decidedByStore =
  /[?&](?:w|journal|wtimeoutMS|readConcernLevel|readPreference(?:Tags)?|maxStalenessSeconds|retryWrites|retryReads|directConnection|loadBalanced)=/i;

/**
 * `memory:`, `sqlite:` and the path of a file, or a connection string of MongoDB. A host (`sqlite://`), a query and a folder are
 * refused for a file. https://www.mongodb.com/docs/manual/reference/connection-string/
 */
export const databaseUrl = (): z.ZodType<DatabaseUrl> =>
  z.union([
    z.literal('memory:').transform(() => ({ store: 'memory' as const })),
    text
      .regex(/^sqlite:[^?#\0]{1,4096}$/)
      .refine(value => !value.startsWith('sqlite://') && !value.endsWith('/'))
      .transform(value => ({ store: 'sqlite' as const, path: value.slice('sqlite:'.length) })),
    text
      .regex(/^mongodb(?:\+srv)?:\/\/(?:[^\s/@]+@)?[\w.:,[\]-]{1,2048}(?:\/[\w-]{0,63})?(?:\?\S{0,2048})?$/)
      .refine(value => !decidedByStore.test(value))
      .transform(url => ({ store: 'mongodb' as const, url })),
  ]);

/** The value of SALLYPORT_DATABASE_URL as operators may see it: an address without user, password and options. */
export const withoutCredentials = (database: string): string => {
  if (database.startsWith('sqlite:')) return database;
  // The last @: a password that was not encoded may contain one, and more than that is hidden rather than less.
  const login = database.lastIndexOf('@');
  const [scheme = ''] = /^[a-z+]*:?\/{0,2}/i.exec(database) ?? [];
  const shown = login === -1 ? database : `${scheme}[hidden]${database.slice(login)}`;
  const options = shown.indexOf('?');
  return options === -1 ? shown : `${shown.slice(0, options)}?…`;
};

/** A check by a parser, which returns undefined for a text of another form. */
const readBy = <T>(read: (value: string) => T | undefined): z.ZodType<T> =>
  text.transform(read).refine(value => value !== undefined);

/** Address of Redis: one server, Sentinels or a cluster. */
export const redisUrl = (): z.ZodType<RedisAddress> => readBy(redisAddress);

/** `user:password` or `:password`, percent-encoded as in an address. */
export const login = (): z.ZodType<RedisLogin> => readBy(redisLogin);

/** A mail server. `tls`: from the first byte, by STARTTLS before anything else is sent, or not at all. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly auth?: { readonly user: string; readonly password: string };
}

/** Whether `host` is a loopback name or address, which other machines cannot reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);

/**
 * `smtp://` (STARTTLS, which is required) or `smtps://`, with a user and a password, a host and a port. On loopback `smtp://` is
 * plain text. `?tls=required` and `?tls=off` say it otherwise; a password is never sent in plain text to another machine.
 */
export const smtpUrl = (): z.ZodType<SmtpServer> =>
  text.pipe(z.url({ protocol: /^smtps?$/, hostname: /./, abort: true })).transform((value, ctx): SmtpServer => {
    const url = new URL(value);
    const { protocol, hostname, port, pathname, hash, search, username, password } = url;
    const wanted = /^(?:\?tls=(required|off))?$/.exec(search);
    const isOdd =
      wanted === null || !['', '/'].includes(pathname) || hash !== '' || (username === '') !== (password === '');
    const isPlain = protocol === 'smtp:' && (wanted?.[1] ?? (isLoopback(hostname) ? 'off' : 'required')) === 'off';
    if (isOdd || (isPlain && username !== '' && !isLoopback(hostname))) ctx.addIssue('not a usable mail server');
    const auth = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
    return {
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
      tls: protocol === 'smtps:' ? 'implicit' : isPlain ? 'none' : 'starttls',
      ...(username !== '' && { auth }),
    };
  });

/** A mailbox: an address, or a name with an address in angle brackets. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** One mailbox, such as `Contoso sign-in <login@example.com>`. */
export const mailbox = (): z.ZodType<Mailbox> =>
  text
    .transform(value => /^(?:([^<>"\p{Cc}]{1,80}) <([^<>]+)>|([^<> ]+))$/u.exec(value)?.slice(1) ?? [])
    .transform(([name = '', bracketed, bare = '']) => ({ name, address: bracketed ?? bare }))
    .refine(({ address }) => z.email().safeParse(address).success);

/** One to ten names, separated by commas, without duplicates. Whether they are names of accounts is not known here. */
export const names = (): z.ZodType<readonly string[]> =>
  separated.pipe(z.array(z.string().min(1).max(254)).min(1).max(10)).refine(isDistinct);

/** `off`, `everyone`, or one to ten names of groups. */
export const offEveryoneOrNames = (): z.ZodType<'off' | 'everyone' | readonly string[]> =>
  z.union([z.enum(['off', 'everyone']), names()]);

/** One to ten e-mail addresses, separated by commas, without duplicates. */
export const emailAddresses = (): z.ZodType<readonly string[]> =>
  separated.pipe(z.array(z.email()).min(1).max(10)).refine(isDistinct);

/** A number in E.164, the form that carriers take. */
export const telephoneNumber = (): z.ZodType<string> => text.pipe(z.e164());

/** Two-letter country codes (ISO 3166-1) that have a numbering plan, separated by commas, without duplicates. */
export const countries = (): z.ZodType<readonly string[]> =>
  separated.pipe(z.array(z.string().refine(isCountry))).refine(isDistinct);

/** First digits of numbers in E.164, separated by commas, without duplicates. */
export const numberPrefixes = (): z.ZodType<readonly string[]> =>
  separated.pipe(z.array(z.string().regex(/^\+[1-9]\d{2,13}$/))).refine(isDistinct);

/** Names of voices by language and region, each language once. */
export const voices = (): z.ZodType<Readonly<Record<string, string>>> =>
  separated
    .pipe(z.array(z.string().regex(/^[a-z]{2}-[A-Z]{2}=[A-Za-z][A-Za-z0-9.-]{0,60}$/)))
    .transform(pairs => pairs.map(pair => pair.split('=')))
    .refine(pairs => isDistinct(pairs.map(([language = '']) => language)))
    .transform(pairs => Object.fromEntries(pairs.map(([language = '', voice = '']) => [language, voice])));

/** `US:500,*:50`: a count for each country, `*` for every other one. */
export const countsByCountry = (min: number, max: number): z.ZodType<ReadonlyMap<string, number>> =>
  separated
    .transform(entries => entries.map(entry => /^([A-Z]{2}|\*):(\d{1,9})$/.exec(entry)?.slice(1) ?? ['', '']))
    .transform(entries =>
      entries.map(([country = '', count = '']): readonly [string, number] => [country, Number(count)]),
    )
    .refine(entries => entries.every(([country]) => country === '*' || isCountry(country)))
    .refine(entries => entries.every(([, count]) => count >= min && count <= max))
    .refine(entries => isDistinct(entries.map(([country]) => country)))
    .transform(entries => new Map(entries));

/** Text of the given form. `form` must be anchored at both ends. */
export const matching = (form: RegExp): z.ZodType<string> => text.regex(form);

/** One or two distinct secrets, separated by a comma. During a rotation the old and the new one are both valid. */
export const secrets = (form: RegExp): z.ZodType<readonly [string, ...string[]]> =>
  separated
    .pipe(z.tuple([z.string().regex(form)], z.string().regex(form)))
    .refine(values => values.length <= 2 && isDistinct(values));

/** `id:base64` of 32 random bytes each, separated by commas, each id once. The first seals, all of them open. */
export const sealingKeys = (): z.ZodType<readonly [SealingKey, ...SealingKey[]]> =>
  separated.pipe(z.tuple([sealingKey], sealingKey)).refine(keys => isDistinct(keys.map(({ id }) => id)));

/**
 * Tells random bytes from typed ones. 32 random bytes have at least 16 different values (fewer: once in 10^10), and some
 * that no keyboard types (otherwise: once in 10^13). Phrases, repeated words and hexadecimal digits fail one of the two.
 */
const looksRandom = (bytes: Uint8Array): boolean =>
  new Set(bytes).size >= 16 && bytes.some(each => each < 0x20 || each > 0x7e);

const sealingKey = z
  .string()
  // 43 characters of base64 are 32 bytes
  .regex(/^[a-z0-9-]{1,32}:[A-Za-z0-9+/_-]{43}=?$/, { abort: true })
  .transform(value => {
    const [id = '', encoded = ''] = value.split(':');
    return { id, bytes: Buffer.from(encoded, 'base64') };
  })
  .refine(({ bytes }) => looksRandom(bytes), { abort: true })
  .transform(({ id, bytes }): SealingKey => ({ id, key: createSecretKey(bytes) }));
