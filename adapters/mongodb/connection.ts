/** Connects to a replica set, limits how long a call may take, and turns the driver's errors into Problems. */
import { MongoClient, MongoServerError, type Document, type MongoClientOptions } from 'mongodb';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';

/** How long one call of a collection may take, with the driver's second attempt and the reading back of its outcome. */
export const longestCall: Millis = 5000;

/** How long the server works on one operation, and how long it waits for a majority of the replica set. */
export const serverTime: Millis = 2000;

const options = {
  appName: 'sallyport',
  // A write is acknowledged once a majority has it in its journal, so that no later primary lacks it.
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: serverTime },
  // The primary has every acknowledged write. With `majority`, a new primary may answer without the last ones at first.
  readConcern: { level: 'local' },
  readPreference: 'primary',
  retryWrites: true,
  retryReads: true,
  serverSelectionTimeoutMS: 2000,
  connectTimeoutMS: 2000,
  waitQueueTimeoutMS: 2000,
  // A server that stops answering is noticed after this and `connectTimeoutMS`. Calls that wait for it then end.
  heartbeatFrequencyMS: 2000,
} satisfies MongoClientOptions;

/** Wire version of MongoDB 6.0. https://github.com/mongodb/mongo/blob/master/src/mongo/db/wire_version.h */
const oldestWireVersion = 17;

/** The hosts of a connection string, without user, password and options. */
const hostsIn = (url: string): string => {
  const [address = ''] = url.slice(url.indexOf('//') + 2).split('?');
  const hosts = address.slice(address.lastIndexOf('@') + 1);
  return hosts.split('/')[0] ?? '';
};

/** The message of an error, without what stands before the `@` of an address. */
const messageOf = (error: unknown): string =>
  (Error.isError(error) ? error.message : String(error)).split(' ').map(withoutLogin).join(' ');

const withoutLogin = (word: string): string => {
  const [start, end] = [word.indexOf('//'), word.lastIndexOf('@')];
  return start === -1 || end < start ? word : `${word.slice(0, start)}//[hidden]${word.slice(end)}`;
};

/**
 * Problem 'unavailable' for an error of the driver. It is not passed on as cause: it holds documents and values.
 * Whether a write of this call was carried out is then unknown.
 */
export const unavailable = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem('unavailable', `MongoDB did not carry out a command: ${messageOf(error)}`);

/** Waits for a call. @throws Problem 'unavailable' for an error of the driver, and where the call takes too long. */
export const answered = async <T>(call: Promise<T>, most: Millis = longestCall): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${most} ms`)), most);
  try {
    return await Promise.race([call, late.promise]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Connects to the primary.
 * @throws Problem 'unavailable' where it cannot be reached, is too old, or is no replica set with sessions.
 */
export const connect = async (url: string): Promise<MongoClient> => {
  const hosts = hostsIn(url);
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(url, options);
    await client.connect();
    refuseOthers(await client.db('admin').command({ hello: 1 }));
    return client;
  } catch (error) {
    await client?.close();
    throw new Problem('unavailable', `MongoDB at ${hosts} cannot be used: ${messageOf(error)}`);
  }
};

/**
 * Refuses other servers that speak the protocol of MongoDB. The compare-and-swap of some is not atomic, so that a code would
 * count twice. They show no replica set or no sessions.
 */
const refuseOthers = (hello: Document): void => {
  const { setName, logicalSessionTimeoutMinutes: sessions, maxWireVersion: wire } = hello;
  if (typeof setName !== 'string') throw new Error('got a server without a replica set, expected one of a replica set');
  if (typeof sessions !== 'number') throw new Error('got a server without sessions, expected MongoDB');
  if (typeof wire !== 'number' || wire < oldestWireVersion) {
    throw new Error(`got a server with wire version ${String(wire)}, expected MongoDB 6.0 or newer`);
  }
};

/** The member of a refused write whose value is taken, `id` for the id; undefined for another error. */
export const takenIn = (error: unknown): string | undefined => {
  if (!(error instanceof MongoServerError) || error.code !== duplicateKey) return undefined;
  const [path = ''] = Object.keys((error['keyPattern'] as Document | undefined) ?? {});
  return path === '_id' ? 'id' : path.slice(path.indexOf('.') + 1);
};

/** DuplicateKey: https://www.mongodb.com/docs/manual/reference/error-codes/ */
export const duplicateKey = 11_000;
