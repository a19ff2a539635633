/**
 * Plays the authenticator of a person: pairs, fetches requests and answers them over HTTP. Written from the protocol, without the
 * code of the app or of the server, so that a mistake that those two share is seen. Every claim can be made wrong.
 *
 *   jwt.ts              signs and reads JWTs byte by byte
 *   signed-requests.ts  what the phone checks before it shows a request
 *   wake-ups.ts         the event stream
 */
import { randomUUID } from 'node:crypto';
import { generateSync } from 'otplib';
import type {
  AnswerOutcome,
  ConfigurationAnswer,
  Decision,
  PairingAnswer,
  PairingRequest,
  RequestClaims,
  RequestsAnswer,
  SubscriptionJson,
} from '../../../src/mfa/push/protocol.ts';
import { models, SoftwareAuthenticator, type RequestChanges } from '../authenticator/authenticator.ts';
import { Browser, type Answer, type Place } from '../browser/plain.ts';
import { createDeviceKey, sha256, signJwt, thumbprintOf, type DeviceKey, type JwtChanges } from './jwt.ts';
import { followKeys, readRequest } from './signed-requests.ts';
import { listen, type WakeUps } from './wake-ups.ts';

const api = '/authenticator/api';

/** An answer of the API. `body`: its JSON. */
export interface Reply<Body = unknown> {
  readonly status: number;
  readonly headers: Answer['headers'];
  readonly body: Body;
}

/** A refusal of the API. */
export interface Refusal {
  readonly error: string;
  readonly message: string;
}

/** Differences of a call from the right one. */
export interface CallChanges {
  /** 'none' leaves the proof of the device out. */
  readonly proof?: JwtChanges | 'none';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends this body in place of the signed one. */
  readonly sent?: string;
  readonly node?: number;
}

/** What the person does with a request. */
export interface Doing {
  readonly decision: Decision;
  readonly number?: string;
  readonly pin?: string;
  readonly code?: string;
}

export interface AnswerChanges extends CallChanges {
  readonly answer?: JwtChanges;
}

export class Phone {
  readonly #browser: Browser;
  readonly #place: Place;
  readonly #passkeys = new SoftwareAuthenticator(models.phone);
  readonly name: string;
  readonly key: DeviceKey;
  language = 'en';
  /** Differences of the next biometric assertions from the right ones. */
  biometric: RequestChanges = {};
  /** How far its clock is ahead of ours, in milliseconds. */
  skew = 0;
  /** Thumbprint of the server's key that it has pinned. */
  pinned: string | undefined;
  /** What the server told at the pairing. */
  pairing: PairingAnswer | undefined;

  constructor(
    place: Place,
    { name = 'Ada’s Pixel', key = createDeviceKey() }: { name?: string; key?: DeviceKey } = {},
  ) {
    this.#place = place;
    this.#browser = new Browser(place);
    this.name = name;
    this.key = key;
  }

  get now(): number {
    return this.#place.clock() + this.skew;
  }

  get #seconds(): number {
    return Math.floor(this.now / 1000);
  }

  /** The header that proves the device: bound to method, path and body, used once. */
  proof(method: string, path: string, body?: string, changes: JwtChanges = {}): string {
    const claims = {
      iss: this.key.kid,
      aud: this.#place.issuer.origin,
      iat: this.#seconds,
      exp: this.#seconds + 60,
      jti: randomUUID(),
      htm: method,
      htu: path,
      ...(body !== undefined && { bsh: sha256(body).toString('base64url') }),
    };
    return `Device ${signJwt('sallyport-device+jwt', this.key, claims, changes)}`;
  }

  /** One call of the API below `/authenticator/api/`. */
  async call<Body = Refusal>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    at: string,
    content?: unknown,
    { proof = {}, headers = {}, sent, node }: CallChanges = {},
  ): Promise<Reply<Body>> {
    const path = `${api}/${at}`;
    const body = content === undefined ? undefined : JSON.stringify(content);
    const answer = await this.#browser.go(path, {
      method,
      headers: {
        accept: 'application/json',
        'accept-language': this.language,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(proof !== 'none' && { authorization: this.proof(method, path, body, proof) }),
        ...headers,
      },
      ...((sent ?? body) !== undefined && { body: sent ?? body ?? '' }),
      ...(node !== undefined && { node }),
    });
    const text = answer.text === '' ? '{}' : answer.text;
    const isJson = /^application\/(?:.*\+)?json/u.test(String(answer.headers['content-type'] ?? ''));
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : {}) as Body };
  }

  configuration(): Promise<Reply<ConfigurationAnswer>> {
    return this.call('GET', 'configuration', undefined, { proof: 'none' });
  }

  /** Claims a pairing by the secret of a QR code or by a typed code. */
  async pair(
    by: Pick<PairingRequest, 'secret' | 'code'>,
    { subscription = null, ...changes }: CallChanges & { readonly subscription?: SubscriptionJson | null } = {},
  ): Promise<Reply<PairingAnswer>> {
    const { language, name } = this;
    const reply = await this.call<PairingAnswer>(
      'POST',
      'pairings',
      { ...by, key: this.key.jwk, name, subscription, language },
      changes,
    );
    if (reply.status < 300) {
      this.pairing = reply.body;
      this.pinned = thumbprintOf(reply.body.serverKeys.first);
    }
    return reply;
  }

  requests(changes?: CallChanges): Promise<Reply<RequestsAnswer>> {
    return this.call('GET', 'requests', undefined, changes);
  }

  /** The requests that it shows, verified. @throws Error for one that it must not show. */
  async pending(changes?: CallChanges): Promise<readonly RequestClaims[]> {
    const { status, body } = await this.requests(changes);
    if (status !== 200) throw new Error(`got ${status} ${JSON.stringify(body)}, expected requests`);
    if (this.pinned === undefined) throw new Error('the phone has pinned no key');
    const { serverKeys } = (await this.configuration()).body;
    const { origin } = this.#place.issuer;
    const expected = { keys: followKeys(serverKeys, this.pinned), iss: origin, aud: this.key.kid, now: this.now };
    return body.requests.map(jwt => readRequest(jwt, expected));
  }

  /** The one request that waits. @throws Error unless exactly one waits. */
  async request(): Promise<RequestClaims> {
    const [request, ...others] = await this.pending();
    if (request === undefined || others.length > 0) throw new Error(`got ${others.length} more requests, expected one`);
    return request;
  }

  /** The signed answer to a request. */
  sign(request: RequestClaims, doing: Doing, changes: JwtChanges = {}): string {
    const claims = {
      iss: this.key.kid,
      aud: this.#place.issuer.origin,
      request: request.jti,
      nonce: request.nonce,
      client: request.client,
      iat: this.#seconds,
      exp: this.#seconds + 60,
      ...doing,
      ...this.#unlocked(request, doing),
    };
    return signJwt('sallyport-answer+jwt', this.key, claims, changes);
  }

  /** Answers a request. */
  answer(
    request: RequestClaims,
    doing: Doing,
    { answer, ...changes }: AnswerChanges = {},
  ): Promise<Reply<AnswerOutcome & Partial<Refusal>>> {
    return this.send(this.sign(request, doing, answer), changes);
  }

  /** Sends an answer that was signed before. */
  send(answer: string, changes?: CallChanges): Promise<Reply<AnswerOutcome & Partial<Refusal>>> {
    return this.call('POST', 'answers', { answer }, changes);
  }

  subscribe(subscription: SubscriptionJson | null, changes?: CallChanges): Promise<Reply> {
    return this.call('PUT', 'subscription', { subscription, language: this.language }, changes);
  }

  test(changes?: CallChanges): Promise<Reply> {
    return this.call('POST', 'test', {}, changes);
  }

  leave(changes?: CallChanges): Promise<Reply> {
    return this.call('DELETE', 'device', undefined, changes);
  }

  /** Opens the event stream. */
  listen(node = 0): Promise<WakeUps> {
    return listen(this.#place, node, `${api}/events`, this.proof('GET', `${api}/events`));
  }

  /** The present code of the key that came with the pairing. */
  totp(): string {
    const secret = new URL(this.pairing?.totp ?? 'otpauth://totp/none').searchParams.get('secret');
    if (secret === null) throw new Error('no codes came with the pairing');
    return generateSync({ secret, epoch: this.#seconds });
  }

  /** The proof of the person's biometric, where the policy wants one: of a new credential at a pairing. */
  #unlocked(request: RequestClaims, { decision, number = '' }: Doing): { assertion?: string; registration?: string } {
    if (request.unlock !== 'biometric' || decision !== 'approve') return {};
    const { origin, hostname } = this.#place.issuer;
    if (request.purpose === 'pairing') {
      const creation = this.pairing?.creation as Parameters<SoftwareAuthenticator['create']>[0] | undefined;
      if (creation === undefined) throw new Error('the pairing offers no credential');
      return { registration: JSON.stringify(this.#passkeys.create(creation, origin)) };
    }
    const challenge = sha256(JSON.stringify([request.jti, request.nonce, decision, number])).toString('base64url');
    const options = { challenge, rpId: hostname, userVerification: 'required' } as const;
    const [credential] = this.#passkeys.credentials;
    if (credential === undefined) throw new Error('the phone has no credential for a biometric');
    return { assertion: JSON.stringify(this.#passkeys.get(options, origin, { credential, ...this.biometric })) };
  }
}
