/** A server under measurement, in a process of its own: says where it listens, and how much CPU it has used so far. */
import { createServer, type RequestListener } from 'node:http';
import { bareHttp, bareProvider } from './peers.ts';
import { services, type HouseWish } from './product.ts';
import type { Tokens } from './visitor.ts';

export type Wish = HouseWish | { readonly kind: 'http'; readonly body: string } | { readonly kind: 'provider' };

/** `tokens`: families that a server without pages hands out by itself. */
export interface Ready {
  readonly port: number;
  readonly tokens: readonly Tokens[];
}

export interface Answering {
  readonly answer: RequestListener;
  readonly tokens?: readonly Tokens[];
  readonly close?: () => Promise<void>;
}

const open = (wish: Wish, issuer: string): Promise<Answering> | Answering => {
  if (wish.kind === 'http') return bareHttp(wish.body);
  return wish.kind === 'provider' ? bareProvider(issuer) : services(wish, issuer);
};

const start = async (wish: Wish): Promise<void> => {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { answer, tokens = [], close } = await open(wish, `http://127.0.0.1:${port}`);
  server.on('request', answer);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.once('disconnect', () => {
    server.close();
    server.closeAllConnections();
    void close?.();
  });
  process.send?.({ port, tokens } satisfies Ready);
};

process.once('message', (wish: Wish) => void start(wish));
