/** Describes a server under measurement: what to start, and what its process reports once it listens. */
import type { RequestListener } from 'node:http';
import type { Person, Tokens } from './requests.ts';

/** The product over one store. */
export interface ProductSpec {
  readonly kind: 'product';
  /** `memory:` or `sqlite:PATH`. */
  readonly database: string;
  readonly redisUrl?: string;
  /** Memory of one password hash in KiB. */
  readonly memoryKiB: number;
  readonly people: readonly Person[];
}

/** What to start: the product, a bare Node server that answers with `body`, or oidc-provider alone. */
export type ServerSpec = ProductSpec | { readonly kind: 'http'; readonly body: string } | { readonly kind: 'provider' };

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
