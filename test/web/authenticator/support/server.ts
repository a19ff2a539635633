/**
 * Plays the server for the engine of the authenticator: the calls of its API, in memory. It verifies each call and each answer with
 * the key of the device, so that a wrong signature is seen.
 */
import type { JsonWebKey } from 'node:crypto';
import type { AnswerOutcome, PairingAnswer, RequestClaims, RequestsAnswer } from '../../../../src/mfa/push/protocol.ts';
import { createDeviceKey, isSignedBy, readJwt, sha256, signJwt, thumbprintOf } from '../../../support/phone/jwt.ts';

export const origin = 'https://login.example';

export interface Server {
  readonly fetch: (address: string, request: RequestInit) => Promise<Response>;
  readonly now: () => number;
  advance(by: number): void;
  /** `METHOD path` of each call. */
  readonly calls: string[];
  /** Bodies of calls, by `METHOD path`; the last one. */
  readonly bodies: Map<string, unknown>;
  /** Claims of the answers that were sent. */
  readonly answers: Readonly<Record<string, unknown>>[];
  /** Changes what calls answer, by `METHOD path`. undefined: as usual. */
  readonly refuse: Map<string, (() => Response) | undefined>;
  readonly pairing: Partial<PairingAnswer>;
  outcome: AnswerOutcome;
  state: RequestsAnswer['state'];
  push: RequestsAnswer['push'];
  /** Puts a request on the list. */
  ask(changes?: Partial<RequestClaims>): RequestClaims;
  /** Takes all requests off the list. */
  forget(): void;
  /** Signs with another key from now on. `isNamed`: the key before has named it. */
  changeKey(isNamed: boolean): void;
  /** Signs with the first key again, although it was replaced. `told`: the statements that are told from now on. */
  signWithFirst(told: 'all' | 'none' | 'another'): void;
  /** Sends an event to each open stream. */
  wake(): void;
  endStreams(): void;
  readonly streams: () => number;
  isBusy(): boolean;
}

const json = (body: object, status = 200): Response => Response.json(body, { status });

/** An answer that refuses. */
export const refusal =
  (
    status: number,
    error: string,
    { more = {}, headers = {} }: { more?: object; headers?: Record<string, string> } = {},
  ) =>
  (): Response =>
    Response.json({ ...more, error, message: `Sentence of ${error}.` }, { status, headers });

export const createServer = (pairing: Partial<PairingAnswer> = {}): Server => {
  let now = Date.UTC(2026, 10, 29, 12);
  let key = createDeviceKey();
  const firstKey = key;
  const first = key.jwk;
  const successors: string[] = [];
  const controllers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  let device: JsonWebKey | undefined;
  let requests: string[] = [];
  let count = 0;
  let busy = 0;
  const seconds = (): number => Math.floor(now / 1000);
  const sse = (text: string): void => controllers.forEach(each => each.enqueue(new TextEncoder().encode(text)));
  const serverKeys = (): PairingAnswer['serverKeys'] => ({
    first,
    successors,
  });

  const stream = (signal: AbortSignal | null | undefined): Response => {
    let mine: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        mine = controller;
        controllers.add(controller);
        signal?.addEventListener('abort', () => {
          if (controllers.delete(controller)) controller.error(new Error('aborted'));
        });
      },
      cancel: () => void controllers.delete(mine),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };

  /** Refuses a call that is not signed, or for another call, or with a wrong time. */
  const prove = (call: string, request: RequestInit, content: unknown): Response | undefined => {
    const jwt = /^Device (?<jwt>.+)$/u.exec(new Headers(request.headers).get('authorization') ?? '')?.groups?.['jwt'];
    const own = call === 'POST pairings' ? (content as { readonly key: JsonWebKey }).key : device;
    if (jwt === undefined || own === undefined || !isSignedBy(jwt, 'sallyport-device+jwt', own))
      return refusal(401, 'proof')();
    const { claims } = readJwt(jwt);
    const [method = '', to = ''] = call.split(' ');
    const body = typeof request.body === 'string' ? sha256(request.body).toString('base64url') : undefined;
    const isRight =
      claims['iss'] === thumbprintOf(own) &&
      claims['aud'] === origin &&
      claims['htm'] === method &&
      claims['htu'] === `/authenticator/api/${to}` &&
      claims['bsh'] === body;
    if (!isRight) return refusal(401, 'proof')();
    const isInTime = Math.abs(Number(claims['iat']) - seconds()) <= 120;
    return isInTime ? undefined : refusal(401, 'clock', { headers: { date: new Date(now).toUTCString() } })();
  };

  const server: Server = {
    now: () => now,
    advance(by) {
      now += by;
    },
    calls: [],
    bodies: new Map(),
    answers: [],
    refuse: new Map(),
    pairing,
    outcome: { result: 'approved' },
    state: 'pairing',
    push: 'works',
    isBusy: () => busy > 0,
    streams: () => controllers.size,
    async fetch(address, request) {
      const { origin: to, pathname } = new URL(address);
      const call = `${request.method ?? 'GET'} ${pathname.replace('/authenticator/api/', '')}`;
      if (to !== origin) throw new Error(`got a call to ${to}`);
      server.calls.push(call);
      const content: unknown = typeof request.body === 'string' ? JSON.parse(request.body) : undefined;
      busy += 1;
      try {
        const refused = call === 'GET configuration' ? undefined : prove(call, request, content);
        const answer = refused ?? server.refuse.get(call)?.();
        if (answer !== undefined) return answer;
        server.bodies.set(call, content);
        const usual = answerTo(call, content, request.signal);
        usual.headers.set('date', new Date(now).toUTCString());
        return usual;
      } finally {
        busy -= 1;
      }
    },
    ask(changes = {}) {
      count += 1;
      const claims: RequestClaims = {
        iss: origin,
        aud: device === undefined ? '' : thumbprintOf(device),
        jti: `request ${count}`,
        nonce: `nonce ${count}`,
        iat: seconds(),
        exp: seconds() + 60,
        purpose: 'sign-in',
        account: 'ada',
        client: 'Contoso Office',
        digits: 2,
        unlock: 'none',
        ...changes,
      };
      requests.push(signJwt('sallyport-request+jwt', key, { ...claims }));
      return claims;
    },
    forget() {
      requests = [];
    },
    changeKey(isNamed) {
      const before = key;
      key = createDeviceKey();
      const by = isNamed ? before : key;
      successors.push(signJwt('sallyport-successor+jwt', by, { iss: origin, iat: seconds(), jwk: key.jwk }));
    },
    signWithFirst(told) {
      key = firstKey;
      if (told !== 'all') successors.length = 0;
      if (told === 'another') server.changeKey(true);
    },
    wake: () => sse('event: changed\ndata:\n\n'),
    endStreams() {
      for (const each of controllers) each.close();
      controllers.clear();
    },
  };

  const answerTo = (call: string, content: unknown, signal: AbortSignal | null | undefined): Response => {
    switch (call) {
      case 'GET configuration':
        return json({ vapidKey: 'BA', organization: 'Contoso', serverKeys: serverKeys() });
      case 'POST pairings':
        device = (content as { readonly key: JsonWebKey }).key;
        return json({
          organization: 'Contoso',
          account: 'ada',
          digits: '31',
          unlock: 'none',
          serverKeys: serverKeys(),
          expiresAt: now + 600_000,
          ...server.pairing,
        } satisfies PairingAnswer);
      case 'GET requests':
        return json({ requests, state: server.state, push: server.push } satisfies RequestsAnswer);
      case 'GET events':
        return stream(signal);
      case 'POST answers': {
        const { answer } = content as { readonly answer: string };
        if (device === undefined || !isSignedBy(answer, 'sallyport-answer+jwt', device)) return refusal(401, 'proof')();
        server.answers.push(readJwt(answer).claims);
        if (!['wrong-pin', 'not-unlocked', 'wrong-code'].includes(server.outcome.result)) requests = [];
        if (server.outcome.result === 'approved') server.state = 'paired';
        return json(server.outcome);
      }
      default:
        return json({});
    }
  };
  return server;
};
