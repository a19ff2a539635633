/** Opens the event stream of a waiting page, as its script does, and tells how it ended. */
import { request as ask } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Answer } from '../../../support/browser/plain.ts';
import type { Site } from '../site.ts';
import type { Visitor } from './visitor.ts';

export interface Events {
  readonly status: number | undefined;
  /** Address of the node that sends them. */
  readonly node: string | undefined;
  /** All that came, once the stream has ended. */
  readonly ended: () => Promise<string>;
  leave(): void;
}

/** Resolves with the headers of the stream. @throws Error where the connection breaks before */
export const openEvents = (
  { issuer, place }: Pick<Site, 'issuer' | 'place'>,
  { browser }: Visitor,
  { path }: Answer,
): Promise<Events> =>
  new Promise((resolve, reject) => {
    const headers = { host: issuer.host, accept: 'text/event-stream', cookie: browser.jar.for(`${path}/events`) };
    const asked = ask({ host: '127.0.0.1', port: place.ports[0], path: `${path}/events`, headers });
    asked.on('error', reject);
    asked.on('response', response => {
      const node = response.headers['x-node'];
      resolve({
        status: response.statusCode,
        node: typeof node === 'string' ? node : undefined,
        ended: () => text(response),
        leave: () => response.destroy(),
      });
    });
    asked.end();
  });
