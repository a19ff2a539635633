/** Checks the addresses of databases and of Redis. */
import * as z from 'zod';
import { redisAddress, redisLogin, type RedisAddress, type RedisLogin } from '../redis-address.ts';
import { text } from './values.ts';

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
