/** Causes outages of a running server: a network that refuses, hangs or loses answers, no writes to its SQLite file. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';

/** A TCP relay on loopback that fails as networks do. */
export interface Relay {
  readonly url: string;
  readonly port: number;
  /** Sets the target of new connections. */
  forwardTo(url: string): void;
  /** Closes all connections. The system refuses new ones. */
  stop(): Promise<void>;
  /** Connections stay, new ones are accepted, and no byte passes. */
  hang(): void;
  /**
   * The next `times` requests that contain `text` reach the target, which carries them out. Their answers are lost: the
   * connection is closed instead.
   */
  loseAnswers(text: string, times: number): void;
  /** Listens again on the same port, and forwards. */
  start(): Promise<void>;
}

export const openRelay = async (): Promise<Relay> => {
  let target: URL | undefined;
  let isHanging = false;
  let lost = { text: '', times: 0 };
  const open = new Set<Socket>();
  const isLost = (bytes: Buffer): boolean => {
    if (lost.times === 0 || !bytes.includes(lost.text)) return false;
    lost = { ...lost, times: lost.times - 1 };
    return true;
  };
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
    let isMute = false;
    socket.on('data', (bytes: Buffer) => {
      if (isHanging) return;
      isMute ||= isLost(bytes);
      beyond.write(bytes);
    });
    beyond.on('data', (bytes: Buffer) => {
      if (isMute) end();
      else if (!isHanging) socket.write(bytes);
    });
  };
  const listen = async (at: number): Promise<Server> => {
    const listening = createServer(take).listen(at, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): void => open.forEach(socket => socket.destroy());
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    forwardTo(url) {
      target = new URL(url);
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
    hang() {
      isHanging = true;
    },
    loseAnswers(text, times) {
      lost = { text, times };
    },
    async start() {
      // Bytes are missing in connections that hung.
      if (isHanging) cut();
      isHanging = false;
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
