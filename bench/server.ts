/** Runs a server under measurement in a process of its own. It reports its port, and on request its CPU time or memory. */
import { createServer } from 'node:http';
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { bareHttp, bareKoa, bareStreams } from './baselines.ts';
import { bareProvider } from './bare-provider.ts';
import { cpuOfChildren } from './processes.ts';
import { openProduct } from './product.ts';
import type { CpuTime, Delays, Memory, OpenedServer, Question, ReadyMessage, ServerSpec } from './server-spec.ts';

const open = (spec: ServerSpec, port: number): Promise<OpenedServer> | OpenedServer => {
  if (spec.kind === 'product') return openProduct(spec, port);
  if (spec.kind === 'provider') return bareProvider();
  if (spec.kind === 'http') return bareHttp(spec.body);
  return spec.kind === 'koa' ? bareKoa() : bareStreams();
};

const cpuTime = (): CpuTime => {
  const { user, system } = process.cpuUsage();
  return { own: user + system, children: cpuOfChildren(process.pid) };
};

const memory = (): Memory => {
  if (globalThis.gc === undefined) throw new Error('got a process without gc, expected one with --expose-gc');
  // Finalizers of the first run free what only the second one collects.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
};

const profiler = new Session();
/** Microseconds between two samples. */
const samplingInterval = 200;

const beginProfile = async (): Promise<string> => {
  profiler.connect();
  await profiler.post('Profiler.enable');
  await profiler.post('Profiler.setSamplingInterval', { interval: samplingInterval });
  await profiler.post('Profiler.start');
  return 'begun';
};

const endProfile = async (): Promise<Profiler.Profile> => {
  const { profile } = await profiler.post('Profiler.stop');
  profiler.disconnect();
  return profile;
};

/** Milliseconds between two timers whose delay is measured: the shortest that Node has. */
const resolution = 1;
const histogram = monitorEventLoopDelay({ resolution });

const beginDelays = (): string => {
  histogram.reset();
  histogram.enable();
  return 'begun';
};

const endDelays = (): Delays => {
  histogram.disable();
  // A value is the time between two timers, in nanoseconds.
  const delay = (percentile: number): number => Math.max(0, histogram.percentile(percentile) / 1e6 - resolution);
  return { p50: delay(50), p99: delay(99) };
};

const answers = {
  cpu: cpuTime,
  memory,
  'begin of a profile': beginProfile,
  'end of a profile': endProfile,
  'begin of delays': beginDelays,
  'end of delays': endDelays,
} as const satisfies Readonly<Record<Question['about'], () => unknown>>;

const reply = async ({ about }: Question): Promise<void> => void process.send?.(await answers[about]());

const start = async (spec: ServerSpec): Promise<void> => {
  // A connection that a busy generator left alone must not end in the moment when it sends the next request.
  const server = createServer({ keepAliveTimeout: 600_000 });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // A carrier calls back at this port, so that it is known before the product opens.
  const { answer, close } = await open(spec, port);
  server.on('request', answer);
  process.on('message', (question: Question) => void reply(question));
  process.once('disconnect', () => {
    server.close();
    server.closeAllConnections();
    void close?.();
  });
  process.send?.({ port } satisfies ReadyMessage);
};

process.once('message', (spec: ServerSpec) => void start(spec));
