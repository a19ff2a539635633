/** Describes a server under measurement: what to start, and what its process reports once it listens. */
import type { RequestListener } from 'node:http';
import type { DeviceKey } from '../src/pairing-device.ts';
import type { EpochMillis } from '../src/ports/time.ts';
import type { Person, Tokens } from './requests.ts';

/** A person whose only second factor is the authenticator on a phone. `handle`: thumbprint of its key. */
export interface DeviceOwner {
  readonly name: string;
  readonly handle: string;
  readonly key: DeviceKey;
}

/** The product over one store. */
export interface ProductSpec {
  readonly kind: 'product';
  /** `memory:` or `sqlite:PATH`. */
  readonly database: string;
  readonly redisUrl?: string;
  /** Memory of one password hash in KiB. */
  readonly memoryKiB: number;
  readonly people: readonly Person[];
  readonly owners?: readonly DeviceOwner[];
  /** The clock stands still at this time. Absent: it is that of the machine. */
  readonly stoppedAt?: EpochMillis;
}

/**
 * What to start: the product, a bare Node server that answers with `body`, one that holds event streams open, or oidc-provider
 * alone.
 */
export type ServerSpec =
  | ProductSpec
  | { readonly kind: 'http'; readonly body: string }
  | { readonly kind: 'streams' }
  | { readonly kind: 'provider' };

/** What a server's process tells: microseconds of CPU that it has used, or its memory. */
export type Question = { readonly about: 'cpu' | 'memory' };

/** Bytes after a full garbage collection. `heap`: objects of JavaScript, and the memory outside that they hold. */
export interface Memory {
  readonly heap: number;
  /** Resident set of the process. Freed memory may stay in it. */
  readonly resident: number;
}

/** First message of a server's process. `tokens` are issued in advance by a server without pages. */
export interface ReadyMessage {
  readonly port: number;
  readonly tokens: readonly Tokens[];
}

/** A server that was opened but does not listen yet. */
export interface OpenedServer {
  readonly answer: RequestListener;
  readonly tokens?: readonly Tokens[];
  readonly close?: () => Promise<void>;
}
