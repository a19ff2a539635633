/** Records messages and callbacks of the carrier, and posts callbacks as an attacker would, signed or not. */
import { isCallChannel, withCallbacks, withChannels } from './wrap.ts';
import { createHmac } from 'node:crypto';
import { request as ask } from 'node:http';
import type { Callback, CallbackRoute, CallMessage, Channel } from '../../../src/ports/carriers.ts';
import type { Resources } from '../../../server/services.ts';
import type { World } from '../world/world.ts';

export type Fields = readonly [name: string, value: string][];

export interface Recorder {
  readonly messages: CallMessage[];
  /** In the order of their arrival. */
  readonly callbacks: Callback[];
  readonly wrap: (resources: Resources) => Resources;
}

/** Records calls and callbacks without changing them. */
export const createRecorder = (): Recorder => {
  const [messages, callbacks]: [CallMessage[], Callback[]] = [[], []];
  const recordedChannel = (channel: Channel<CallMessage>): Channel<CallMessage> => ({
    ...channel,
    send(message, signal) {
      messages.push(message);
      return channel.send(message, signal);
    },
  });
  const recordedRoute = (route: CallbackRoute): CallbackRoute => ({
    ...route,
    read(callback) {
      if (route.render !== undefined) callbacks.push(callback);
      return route.read(callback);
    },
  });
  return {
    messages,
    callbacks,
    wrap: resources =>
      withCallbacks(
        withChannels(resources, channel => (isCallChannel(channel) ? recordedChannel(channel) : channel)),
        recordedRoute,
      ),
  };
};

export const fieldsOf = ({ body }: Callback): Fields => [...new URLSearchParams(Buffer.from(body).toString())];
export const bodyOf = (fields: Fields): string => new URLSearchParams([...fields]).toString();
export const withField = (fields: Fields, name: string, value: string): Fields => [
  ...fields.filter(([each]) => each !== name),
  [name, value],
];

/** Signs by Twilio's documentation, separately from the product: the address, then names and values sorted by name. */
export const sign = (address: string, fields: Fields, secret: string): string =>
  createHmac('sha1', secret)
    .update(
      address +
        fields
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .flat()
          .join(''),
    )
    .digest('base64');

/** The token with which our carrier signs. */
export const secretOf = ({ settings }: World): string => settings.twilio?.authTokens[0] ?? '';

export interface Post {
  readonly path: string;
  readonly body: string;
  readonly method?: string;
  readonly signature?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one request to our callback address unchanged. */
export const post = (
  world: World,
  { path, body, method = 'POST', signature, headers = {} }: Post,
): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const sent = {
      host: world.issuer.host,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      ...(signature !== undefined && { 'x-twilio-signature': signature }),
      ...headers,
    };
    const asked = ask(
      { host: '127.0.0.1', port: world.place.ports[0], path, method, headers: sent, agent: false },
      answer => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });

/** The same request once more, byte for byte. */
export const replay = (world: World, { path, headers, body }: Callback) => {
  const signature = headers['x-twilio-signature'];
  return post(world, { path, body: Buffer.from(body).toString(), ...(signature !== undefined && { signature }) });
};
