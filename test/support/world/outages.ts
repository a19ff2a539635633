/** What the world takes away from a server that runs: a way to the carrier, leave to write to its file. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';

/** A door on loopback that leads to somebody else, and can be shut: who knocks then is refused by the system itself. */
export interface Relay {
  readonly url: string;
  /** Where it leads from now on. */
  forwardTo(url: string): void;
  stop(): Promise<void>;
  /** On the same port as before. */
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

/** Another connection takes the write lock of an SQLite file and keeps it; what it gives lets go. Reading goes on (WAL). */
export const lockWrites = (file: string): (() => void) => {
  const other = new DatabaseSync(file, { timeout: 2000 });
  other.exec('BEGIN IMMEDIATE');
  return () => {
    if (!other.isOpen) return;
    other.exec('ROLLBACK');
    other.close();
  };
};
