/** Causes outages of a running server: no connection to the carrier, no writes to its SQLite file. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';

/** A TCP relay on loopback that can be stopped. Then the system refuses connections. */
export interface Relay {
  readonly url: string;
  /** Sets the target of new connections. */
  forwardTo(url: string): void;
  stop(): Promise<void>;
  /** Listens again on the same port. */
  start(): Promise<void>;
}

export const openRelay = async (): Promise<Relay> => {
  let target: URL | undefined;
  const open = new Set<Socket>();
  const take = (socket: Socket): void => {
    open.add(socket);
    const beyond = target === undefined ? undefined : connect(Number(target.port), target.hostname);
    const end = (): void => {
      open.delete(socket);
      socket.destroy();
      beyond?.destroy();
    };
    for (const each of [socket, ...(beyond ? [beyond] : [])]) each.once('close', end).once('error', end);
    if (beyond === undefined) return end();
    socket.pipe(beyond).pipe(socket);
  };
  const listen = async (port: number): Promise<Server> => {
    const listening = createServer(take).listen(port, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    forwardTo(url) {
      target = new URL(url);
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
    async start() {
      if (!server.listening) server = await listen(port);
    },
  };
};

/** Takes the write lock of an SQLite file by another connection. Returns the release. Reads continue (WAL). */
export const lockWrites = (file: string): (() => void) => {
  const other = new DatabaseSync(file, { timeout: 2000 });
  other.exec('BEGIN IMMEDIATE');
  return () => {
    if (!other.isOpen) return;
    other.exec('ROLLBACK');
    other.close();
  };
};
