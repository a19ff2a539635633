/** Checks of single settings: text in, the value the program works with out, or nothing for what it cannot use. */
import { createSecretKey } from 'node:crypto';
import { isSupportedCountry } from 'libphonenumber-js/max';
import * as z from 'zod';
import type { SealingKey } from '../crypto.ts';
import type { Millis } from '../ports/time.ts';

/** No setting is longer; a longer one is read by no pattern. */
const longestText = 16_384;

/** A check from a function that gives undefined for a text it refuses. What was expected stands beside the setting's name. */
const from = <T>(read: (text: string) => T | undefined): z.ZodType<T, string> =>
  z.string().transform((text, context) => {
    const value = text.length > longestText ? undefined : read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: 'not as expected' });
    return z.NEVER;
  });

export const oneOf = <T extends string>(...values: readonly [T, ...T[]]): z.ZodType<T, string> =>
  from(text => values.find(value => value === text));

/** Several of `values`, parted by commas; none twice. */
export const someOf = <T extends string>(...values: readonly [T, ...T[]]): z.ZodType<readonly T[], string> =>
  from(text => {
    const chosen = list(text).map(each => values.find(value => value === each));
    const known = chosen.filter(each => each !== undefined);
    return known.length === chosen.length && new Set(known).size === known.length ? known : undefined;
  });

export const whole = (least: number, most: number): z.ZodType<number, string> =>
  from(text => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  });

const units: Readonly<Record<string, Millis>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** `90s`, `10m`, `24h`, `14d`; both bounds in the same form. */
export const duration = (least: string, most: string): z.ZodType<Millis, string> =>
  from(text => {
    const value = millis(text);
    return value !== undefined && value >= (millis(least) ?? 0) && value <= (millis(most) ?? 0) ? value : undefined;
  });
const millis = (text: string): Millis | undefined => {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : units[unit];
  return factor === undefined ? undefined : Number(count) * factor;
};

/** An absolute http(s) address of a host alone: no path, query, fragment or credentials. */
export const origin = (): z.ZodType<URL, string> =>
  from(text => {
    const url = URL.parse(text);
    const bare = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    // compared as text, so that `HTTPS://Login.example/x/..` is not taken for what it becomes
    return bare && (text === url.origin || text === `${url.origin}/`) ? url : undefined;
  });

/** `host:port`; an IPv6 host in brackets. */
export const hostAndPort = (): z.ZodType<{ readonly host: string; readonly port: number }, string> =>
  from(text => {
    const [, host, port] = /^(\[[0-9a-f:]{2,39}\]|[a-z0-9.-]{1,253}):(\d{1,5})$/i.exec(text) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
    return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) };
  });

export const databaseUrl = (): z.ZodType<DatabaseUrl, string> =>
  from(text => {
    if (text === 'memory:') return { store: 'memory' };
    const [, path] = /^sqlite:([^?#\0]{1,4096})$/.exec(text) ?? [];
    return path === undefined || path.endsWith('/') || path.startsWith('//') ? undefined : { store: 'sqlite', path };
  });
export type DatabaseUrl = { readonly store: 'sqlite'; readonly path: string } | { readonly store: 'memory' };

export const redisUrl = (): z.ZodType<string, string> =>
  from(text => {
    const url = URL.parse(text);
    return url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^\/?\d{0,2}$/.test(url.pathname)
      ? text
      : undefined;
  });

/** E.164, as a carrier takes it. */
export const telephoneNumber = (): z.ZodType<string, string> =>
  from(text => (/^\+[1-9]\d{6,14}$/.test(text) ? text : undefined));

/** Countries by their two letters (ISO 3166-1), parted by commas; each one whose numbers are known, none twice. */
export const countries = (): z.ZodType<readonly string[], string> =>
  from(text => {
    const named = list(text);
    // one argument: its second, the place in a list, would be taken for the numbering plans themselves
    const known = named.every(each => isSupportedCountry(each)) && new Set(named).size === named.length;
    return known && named.length > 0 ? named : undefined;
  });

export const matching = (form: RegExp): z.ZodType<string, string> => from(text => (form.test(text) ? text : undefined));

/** One or two secrets, parted by a comma: the one in use, and the one before or after it while they are exchanged. */
export const secrets = (form: RegExp): z.ZodType<readonly [string, ...string[]], string> =>
  from(text => {
    const [first, ...rest] = list(text);
    if (first === undefined || rest.length > 1 || rest.includes(first)) return undefined;
    return [first, ...rest].every(each => form.test(each)) ? [first, ...rest] : undefined;
  });

/** `id:base64` of 32 bytes each, parted by commas; the first seals, all of them open. */
export const sealingKeys = (): z.ZodType<readonly [SealingKey, ...SealingKey[]], string> =>
  from(text => {
    const keys = list(text).map(sealingKey);
    const [first, ...rest] = keys.filter(each => each !== undefined);
    if (first === undefined || rest.length + 1 !== keys.length) return undefined;
    return new Set([first, ...rest].map(each => each.id)).size === keys.length ? [first, ...rest] : undefined;
  });

const sealingKey = (text: string): SealingKey | undefined => {
  const [, id, encoded] = /^([a-z0-9-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/.exec(text) ?? [];
  if (id === undefined || encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length === 32 && looksRandom(bytes) ? { id, key: createSecretKey(bytes) } : undefined;
};

/**
 * 32 random bytes have 16 different values or more (less: once in 10^10), and some that no keyboard types (none: once in
 * 10^13). A phrase has not, nor has a repeated one, nor the hexadecimal digits of sixteen bytes.
 */
const looksRandom = (bytes: Uint8Array): boolean =>
  new Set(bytes).size >= 16 && bytes.some(each => each < 0x20 || each > 0x7e);

const list = (text: string): readonly string[] => text.split(',').map(each => each.trim());
