/** A server with MongoDB's wire protocol that is not MongoDB. It answers each command with the same document. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { BSON, type Document } from 'mongodb';

/** Operation codes: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;

export interface LookAlike {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const message = (responseTo: number, code: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(16);
  for (const [place, value] of [16 + body.length, 1, responseTo, code].entries()) header.writeInt32LE(value, 4 * place);
  return Buffer.concat([header, body]);
};

/** Starts it on a free port. */
export const startLookAlike = async (answer: Document): Promise<LookAlike> => {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', bytes => {
      rest = Buffer.concat([rest, Buffer.from(bytes)]);
      while (rest.length >= 16 && rest.length >= rest.readInt32LE(0)) {
        const [length, id, code] = [0, 4, 12].map(place => rest.readInt32LE(place));
        rest = rest.subarray(length);
        const { port } = server.address() as AddressInfo;
        const hosts = { hosts: [`127.0.0.1:${port}`], me: `127.0.0.1:${port}` };
        const document = Buffer.from(
          BSON.serialize({ ok: 1, ...(answer['setName'] === undefined ? {} : hosts), ...answer }),
        );
        if (code === opQuery) {
          const fields = Buffer.alloc(20);
          fields.writeInt32LE(1, 16);
          socket.write(message(id ?? 0, opReply, Buffer.concat([fields, document])));
        } else {
          socket.write(message(id ?? 0, opMsg, Buffer.concat([Buffer.alloc(5), document])));
        }
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
