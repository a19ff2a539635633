/** Checks origins, addresses, hosts and names of headers. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { isDistinct, separated, text } from './values.ts';

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

/** `host:port`, with an IPv6 host in brackets. */
export const hostAndPort = (): z.ZodType<{ readonly host: string; readonly port: number }> =>
  text
    .regex(/^(?:\[[0-9a-f:]{2,39}\]|[a-z0-9.-]{1,253}):\d{1,5}$/i)
    .transform(value => {
      const colon = value.lastIndexOf(':');
      return { host: value.slice(0, colon).replaceAll(/[[\]]/g, ''), port: Number(value.slice(colon + 1)) };
    })
    .refine(({ port }) => port >= 1 && port <= 65_535);

/** Whether `host` is a loopback name or address, which other machines cannot reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
