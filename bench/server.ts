/** Runs a server under measurement in a process of its own. It reports its port, and on request the CPU that it has used. */
import { createServer } from 'node:http';
import { bareHttp, bareProvider } from './baselines.ts';
import { openProduct } from './product.ts';
import type { OpenedServer, ReadyMessage, ServerSpec } from './server-spec.ts';

const open = (spec: ServerSpec, issuer: string): Promise<OpenedServer> | OpenedServer => {
  if (spec.kind === 'http') return bareHttp(spec.body);
  return spec.kind === 'provider' ? bareProvider(issuer) : openProduct(spec, issuer);
};

const start = async (spec: ServerSpec): Promise<void> => {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { answer, tokens = [], close } = await open(spec, `http://127.0.0.1:${port}`);
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
  process.send?.({ port, tokens } satisfies ReadyMessage);
};

process.once('message', (spec: ServerSpec) => void start(spec));
