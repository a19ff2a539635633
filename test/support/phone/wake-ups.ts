/** Reads the event stream by which the server wakes an open app. */
import { request as askHttp, type IncomingMessage } from 'node:http';
import type { Place } from '../browser/plain.ts';

export interface WakeUps {
  readonly status: number;
  /** Resolves with the name of the next event that was not read yet. */
  next(): Promise<string>;
  close(): void;
}

export const listen = async (place: Place, node: number, path: string, authorization: string): Promise<WakeUps> => {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = askHttp(
      {
        host: '127.0.0.1',
        port: place.ports[node],
        path,
        headers: { host: place.issuer.host, accept: 'text/event-stream', authorization },
        agent: false,
      },
      resolve,
    );
    asked.on('error', reject);
    asked.end();
  });
  const events: string[] = [];
  let wake = Promise.withResolvers<void>();
  let unread = '';
  response.on('data', (part: Buffer) => {
    const blocks = (unread + part.toString()).split('\n\n');
    unread = blocks.pop() ?? '';
    events.push(...blocks.flatMap(block => /^event: ?(.*)$/mu.exec(block)?.[1] ?? []));
    wake.resolve();
  });
  response.on('error', () => wake.resolve());
  return {
    status: response.statusCode ?? 0,
    async next() {
      for (;;) {
        const event = events.shift();
        if (event !== undefined) return event;
        if (response.destroyed) throw new Error('the stream has ended');
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    },
    close: () => void response.destroy(),
  };
};
