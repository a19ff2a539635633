/**
 * Answers probes and gives metrics on a port of its own, from the start of the process to its end. `/healthz` depends on the event
 * loop alone: a store that is down must not restart every node. Answers show states, never reasons, and contain no address, so the
 * Host of a request is not checked.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ConnectionLimits } from './connections.ts';
import { listen, type Listening } from './listen.ts';
import type { ReadableMetrics } from './metrics/registry.ts';
import type { Readiness } from '../src/readiness.ts';

/** The state of the process. It changes while the port is open. */
export interface ProcessState {
  /** True once the public port was opened, for good. */
  hasStarted: boolean;
  /** Absent: the application is not there yet. */
  readiness?: () => Promise<Readiness>;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

const json = (isGood: boolean, body: object): Answer => ({ status: isGood ? 200 : 503, body: JSON.stringify(body) });

const starting: Readiness = { status: 'unavailable', checks: { process: 'unavailable' } };

/** The answers by path. */
const answers = (
  state: ProcessState,
  metrics: Pick<ReadableMetrics, 'contentType' | 'text'>,
): Readonly<Record<string, () => Promise<Answer>>> => ({
  '/healthz': async () => json(true, { status: 'ok' }),
  '/startupz': async () => json(state.hasStarted, { status: state.hasStarted ? 'ok' : 'starting' }),
  '/readyz': async () => {
    const readiness = (await state.readiness?.()) ?? starting;
    return json(readiness.status === 'ok' && state.hasStarted, readiness);
  },
  '/metrics': async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
});

/** A probe and a few readers of metrics. */
const limits: ConnectionLimits = { idle: 5_000, perAddress: 32, inAll: 32 };

/** True for a request with a body: it has no use here, and an unread one could be taken for the next request. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** The request listener of the management port. */
export const managementListener = (
  state: ProcessState,
  metrics: Pick<ReadableMetrics, 'contentType' | 'text'>,
): RequestListener => {
  const byPath = answers(state, metrics);
  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    if (hasBody(request)) return { status: 413, body: '{"error":"too-large"}' };
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return { status: 405, body: '{"error":"method-not-allowed"}' };
    const [path = ''] = (request.url ?? '').split('?', 1);
    const found = Object.hasOwn(byPath, path) ? byPath[path] : undefined;
    return (await found?.()) ?? { status: 404, body: '{"error":"not-found"}' };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const failed: Answer = { status: 500, body: '{"error":"internal"}' };
    const { status, type = 'application/json; charset=utf-8', body } = await answerTo(request).catch(() => failed);
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 413 && { connection: 'close' }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  return (request, response) => void answer(request, response);
};

/** Opens the management port. @throws Problem 'in-use', 'unavailable' as `listen`. */
export const openManagement = async (
  address: { readonly host: string; readonly port: number },
  state: ProcessState,
  metrics: Pick<ReadableMetrics, 'contentType' | 'text'>,
): Promise<Listening> =>
  listen(managementListener(state, metrics), address, { limits, setting: 'SALLYPORT_MANAGEMENT_LISTEN' });
