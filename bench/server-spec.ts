/** Describes a server under measurement: what to start, what is stored in it, and what its process reports once it listens. */
import type { RequestListener } from 'node:http';
import type { DeviceKey } from '../src/pairing-device.ts';
import type { EpochMillis, Millis } from '../src/ports/time.ts';

/** A person whose only second factor is the authenticator on a phone. `handle`: thumbprint of its key. */
export interface DeviceOwner {
  readonly name: string;
  readonly handle: string;
  readonly key: DeviceKey;
}

/** What is added to a store before a server listens. The bench's client and its resource servers are always added. */
export interface Population {
  /** Number of people with password and authenticator app (`personAt`). */
  readonly people?: number;
  /** Number of people with a password only (`withoutSecondStepAt`). */
  readonly withoutSecondStep?: number;
  /** Number of people who are called (`callerAt`). */
  readonly callers?: number;
  /** Sessions, grants, refresh tokens and audit of all people are stored too, as after one sign-in each. */
  readonly withSessions?: boolean;
  readonly owners?: readonly DeviceOwner[];
  /** Number of clients for `client_credentials` (`serviceAt`). */
  readonly services?: number;
}

/** Where the product stores its data. */
export interface StoreSpec {
  /** As SALLYPORT_DATABASE_URL. */
  readonly database: string;
  readonly redisUrl?: string;
}

/** The product over one store. */
export interface ProductSpec extends StoreSpec {
  readonly kind: 'product';
  /** Of the whole run: several processes open one store. */
  readonly sealingKeys: string;
  /** Memory of one password hash in KiB. */
  readonly memoryKiB: number;
  /** Absent: the store is filled already. */
  readonly population?: Population;
  /** Phones as second factors, beside authenticator apps. */
  readonly withPhones?: true;
  /** Calls as second factors too, by the carrier at this address. */
  readonly carrierUrl?: string;
  /** The clock stands still at this time. Absent: it is that of the machine. */
  readonly stoppedAt?: EpochMillis;
}

/**
 * What to start: the product, a bare Node server that answers with `body`, Koa with a router that answers JSON, a bare Node server
 * that holds event streams open, or oidc-provider alone.
 */
export type ServerSpec =
  | ProductSpec
  | { readonly kind: 'http'; readonly body: string }
  | { readonly kind: 'koa' }
  | { readonly kind: 'streams' }
  | { readonly kind: 'provider' };

/**
 * What a server's process tells: CPU time so far; memory; that a CPU profile has begun, or the profile (`Profiler.Profile`); that it
 * has begun to measure delays of its event loop, or those delays.
 */
export interface Question {
  readonly about: 'cpu' | 'memory' | 'begin of a profile' | 'end of a profile' | 'begin of delays' | 'end of delays';
}

/** By how much timers of a process ran late, in milliseconds. */
export interface Delays {
  readonly p50: Millis;
  readonly p99: Millis;
}

/** Microseconds of CPU used so far: by the process, and by its children (the hashing of passwords), which tick every 10 ms. */
export interface CpuTime {
  readonly own: number;
  readonly children: number;
}

/** Bytes after a full garbage collection. `heap`: objects of JavaScript, and the memory outside that they hold. */
export interface Memory {
  readonly heap: number;
  /** Resident set of the process. Freed memory may stay in it. */
  readonly resident: number;
}

/** First message of a server's process. */
export interface ReadyMessage {
  readonly port: number;
}

/** A server that was opened but does not listen yet. */
export interface OpenedServer {
  readonly answer: RequestListener;
  readonly close?: () => Promise<void>;
}
