/** Signs people in up to the page that waits for their phone, opens its event stream, and answers on the phone. */
import { request as askHttp, type IncomingMessage } from 'node:http';
import { uidOf } from '../test/support/browser/plain.ts';
import { numberOn } from '../test/support/human/pairing.ts';
import { createDeviceKey, thumbprintOf, type DeviceKey } from '../test/support/phone/jwt.ts';
import { Phone } from '../test/support/phone/phone.ts';
import type { Clock, Millis } from '../src/ports/time.ts';
import { issuer } from './requests.ts';
import { enterPassword, placeAt } from './sign-ins.ts';
import type { DeviceOwner } from './server-spec.ts';

/** A person whose only second factor is the authenticator on a phone. */
export interface PhoneOwner {
  readonly name: string;
  readonly key: DeviceKey;
}

export const createPhoneOwner = (name: string): PhoneOwner => ({ name, key: createDeviceKey() });

/** What the server stores of a phone. */
export const deviceOf = ({ name, key: { kid: handle, jwk } }: PhoneOwner): DeviceOwner => {
  const { x = '', y = '' } = jwk;
  return { name, handle, key: { kty: 'EC', crv: 'P-256', x, y } };
};

/** An open event stream. `passed` resolves with the time of its event "passed" (`performance.now`). */
export interface OpenStream {
  readonly passed: Promise<number>;
  readonly closed: Promise<void>;
  isOpen(): boolean;
  close(): void;
}

/** An event that has not arrived by then ends the run. */
const longestWait: Millis = 60_000;

let opened = 0;
/** Another address of the loopback network for each hundred streams, because an address may have few. */
const nextAddress = (): string => {
  opened += 1;
  return `127.0.${1 + (Math.floor(opened / 100) % 250)}.1`;
};

/** Opens an event stream. Resolves once the first event has arrived. @throws Error for another answer or an early end */
export const openStream = async (port: number, path: string, cookie?: string): Promise<OpenStream> => {
  const headers = { host: issuer.host, accept: 'text/event-stream', ...(cookie !== undefined && { cookie }) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    askHttp({ host: '127.0.0.1', localAddress: nextAddress(), port, path, headers, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
  if (response.statusCode !== 200) throw new Error(`${path}: got ${response.statusCode}, expected an event stream`);
  const [first, passed] = [Promise.withResolvers<void>(), Promise.withResolvers<number>()];
  const closed = Promise.withResolvers<void>();
  // The streams of idle pages are closed before their event, and nobody awaits it.
  passed.promise.catch(() => {});
  let text = '';
  response.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.includes('data: ')) first.resolve();
    if (text.includes('"phase":"passed"')) passed.resolve(performance.now());
  });
  response
    .on('error', () => {})
    .on('close', () => {
      closed.resolve();
      const early = new Error(`${path}: the stream ended after ${JSON.stringify(text.slice(-300))}`);
      first.reject(early);
      passed.reject(early);
    });
  await first.promise;
  return {
    passed: passed.promise,
    closed: closed.promise,
    isOpen: () => !response.closed,
    close: () => void response.destroy(),
  };
};

/** A sign-in at the page that waits for a phone. */
export interface WaitingSignIn {
  /** Address of its event stream. */
  readonly path: string;
  /** Its cookies now. */
  cookie(): string;
  /** Opens the event stream of the page. */
  open(): Promise<OpenStream>;
  /** Opens the page, approves on the phone, and gives the time from sending the answer to the event on the page. */
  approve(): Promise<Millis>;
}

/** A function that signs owners of phones in at one server, up to the page that waits. */
export const openWaiting = async (
  port: number,
  clock: Clock,
): Promise<(owner: PhoneOwner) => Promise<WaitingSignIn>> => {
  const place = placeAt(port, clock);
  const { serverKeys } = (await new Phone(place).configuration()).body;
  const pinned = thumbprintOf(serverKeys.first);
  return async ({ name, key }) => {
    const { browser, page } = await enterPassword(port, name, clock);
    const number = numberOn(page);
    if (number === '') throw new Error(`${name} is at ${page.path} (${page.status}), expected a number`);
    const path = `/interaction/${uidOf(page)}/events`;
    const cookie = (): string => browser.jar.for(path);
    const open = (): Promise<OpenStream> => openStream(port, path, cookie());
    return {
      path,
      cookie,
      open,
      async approve() {
        const stream = await open();
        const phone = new Phone(place, { name, key });
        phone.pinned = pinned;
        const answer = phone.sign(await phone.request(), { decision: 'approve', number });
        const began = performance.now();
        const { body } = await phone.send(answer);
        if (body.result !== 'approved') throw new Error(`got ${JSON.stringify(body)}, expected an approval`);
        return (await within(stream.passed, longestWait)) - began;
      },
    };
  };
};

const within = async <T>(result: Promise<T>, time: Millis): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`nothing arrived within ${time} ms`)), time);
  return Promise.race([result, promise]).finally(() => clearTimeout(timer));
};
