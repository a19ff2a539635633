/** Runs the whole application without a network, so that thousands of walks take less than a minute. */
import { createHash, randomBytes } from 'node:crypto';
import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { openMemoryDurable, openMemoryShortLived } from '../../../adapters/memory.ts';
import { createApp } from '../../../server/app.ts';
import { servicesOver } from '../../../cli/services.ts';
import { loadSettings, type Settings } from '../../../src/config.ts';
import { Problem } from '../../../src/errors.ts';
import type { Resources } from '../../../server/services.ts';
import { silentLog } from '../../../src/log.ts';
import { factors } from '../../../src/mfa/factors/index.ts';
import type { CallMessage, Channel, CallbackRoute, TextMessage } from '../../../src/ports/carriers.ts';
import { writeClient } from '../../support/world/clients.ts';
import { createClock, untilHeard } from '../../support/world/clock.ts';
import type { Jar } from '../../support/browser/jar.ts';
import { createOidcLookup } from './oidc-lookup.ts';
import type { PasswordHasher } from '../../../src/users/passwords/password-hasher.ts';

export const cheap = { memoryKiB: 64, passes: 1, lanes: 1, queue: 64 };
const origin = 'http://127.0.0.1:3000';

/** A hash in the form of the real one, at no cost: walks test the order of steps, not hashes. */
const hashOf = (password: string): string => {
  const digest = createHash('sha256').update(password).digest('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${cheap.memoryKiB},t=${cheap.passes},p=${cheap.lanes}$${digest.slice(0, 22)}$${digest}`;
};
const passwords: PasswordHasher = {
  hash: async password => hashOf(password),
  verify: async (password, phc) => hashOf(password) === phc,
  close: async () => {},
};

/** A header with this value stands for the carrier's signature. */
const carrierSecret = randomBytes(16).toString('hex');

/** Records calls and the last words of each. Callbacks are plain; Twilio's format is tested in test/adapters. */
const createJsonCallChannel = (): Channel<CallMessage> &
  Required<Pick<CallbackRoute, 'read' | 'render'>> & {
    readonly sent: CallMessage[];
    readonly said: Map<string, string>;
  } => ({
  via: 'call',
  sent: [],
  said: new Map(),
  async send(message) {
    this.sent.push(message);
    return { reference: `call ${message.token}` };
  },
  cancel: async () => {},
  read({ path, headers, body }) {
    if (headers['x-carrier'] !== carrierSecret) throw new Problem('forged', 'nobody signed this');
    const token = /\/call\/([^/]+)\//.exec(path)?.[1] ?? '';
    const keys = Buffer.from(body).toString();
    const step = path.endsWith('/keys') ? 'keys' : 'picked-up';
    return { token, reference: `call ${token}`, step, keys, isSilent: keys === '', isConnected: true, by: 'human' };
  },
  render({ say }, token) {
    this.said.set(token, say);
    return { type: 'text/plain', body: say };
  },
});

/** Records texts. */
const createKeptTextChannel = (): Channel<TextMessage> & { readonly sent: TextMessage[] } => ({
  via: 'sms',
  sent: [],
  async send(message) {
    this.sent.push(message);
    return { reference: `text ${message.token}` };
  },
});

export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly jar?: Jar;
}

export const startInProcessApp = async () => {
  const clock = createClock();
  // The libraries read this clock.
  const real = Date.now;
  Date.now = clock;
  const store = { durable: openMemoryDurable({ clock }), shortLived: openMemoryShortLived({ clock }) };
  const [line, texts] = [createJsonCallChannel(), createKeptTextChannel()];
  const settings: Settings = {
    ...loadSettings({
      SALLYPORT_INVITATIONS: 'off',
      SALLYPORT_MODE: 'development',
      SALLYPORT_ISSUER: origin,
      SALLYPORT_DATABASE_URL: 'memory:',
      SALLYPORT_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
    }),
    password: cheap,
    // All walks share one address and, while the clock rests, one minute.
    begunSignIns: { address: 1e6, network: 1e6, device: 1e6, stored: 1e6 },
  };
  const resources: Resources = {
    settings,
    clock,
    ...store,
    carriers: [
      {
        name: 'twilio',
        channels: [line, texts],
        callbacks: [
          ...['answered', 'keys', 'status'].map(step => ({
            path: `/call/:token/${step}`,
            read: line.read.bind(line),
            render: line.render.bind(line),
          })),
          { path: '/text/:token/status', read: line.read.bind(line) },
        ],
      },
    ],
    factors,
    passwords,
    log: silentLog,
  };
  const app = await createApp(resources);
  const services = await servicesOver(resources);
  await writeClient(services, {
    id: 'contoso',
    name: 'Contoso Office',
    secret: 'secret of contoso',
    redirectUris: ['https://contoso.test/callback'],
    postLogoutRedirectUris: ['https://contoso.test/'],
    first_party: true,
  });

  /** Sends one request to the function that a server would call. */
  const ask = async (
    method: string,
    path: string,
    { headers = {}, body = '', jar }: RequestOptions = {},
  ): Promise<Reply> => {
    const request = new IncomingMessage(new Socket());
    const cookie = jar?.for(path.split('?', 1)[0] ?? '') ?? '';
    const all: Record<string, string> = {
      host: new URL(origin).host,
      accept: 'text/html',
      ...(cookie !== '' && { cookie }),
      ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    };
    Object.assign(request, { method, url: path, headers: all, rawHeaders: Object.entries(all).flat() });
    request.push(body === '' ? null : Buffer.from(body));
    if (body !== '') request.push(null);
    const response = new ServerResponse(request);
    await new Promise<void>(resolve => {
      response.end = () => {
        resolve();
        return response;
      };
      app.callback(request, response);
    });
    const set = response.getHeader('set-cookie');
    jar?.take(Array.isArray(set) ? set : typeof set === 'string' ? [set] : []);
    return { status: response.statusCode, headers: response.getHeaders() };
  };

  return {
    clock,
    store,
    services,
    line,
    texts,
    ask,
    origin,
    hashOf,
    /** Picks up, hears the question, and presses keys, as the carrier reports them. */
    async press(token: string, keys: string, word = carrierSecret) {
      const headers = { 'x-carrier': word };
      await ask('POST', `/callbacks/twilio/call/${token}/answered`, { headers, body: '' });
      clock.advance(untilHeard);
      return ask('POST', `/callbacks/twilio/call/${token}/keys`, { headers, body: keys });
    },
    stored: createOidcLookup(store, services.sealer, clock),
    async close() {
      Date.now = real;
      await app.close();
    },
  };
};

export type InProcessApp = Awaited<ReturnType<typeof startInProcessApp>>;
