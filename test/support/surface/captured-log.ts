/** Captures the real log of a world, line by line, and all other output of this process. */
import { createLog } from '../../../src/log.ts';
import type { Resources } from '../../../server/services.ts';

export interface CapturedLog {
  /** Lines as a log collector gets them, each with its line feed. */
  readonly lines: readonly string[];
  /** Output of this process: standard output, standard error and the console. */
  readonly output: readonly string[];
  readonly wrap: (resources: Resources) => Resources;
  stop(): void;
}

/** Starts to capture, at the level `debug`. */
export const captureLog = (): CapturedLog => {
  const [written, said]: [string[], string[]] = [[], []];
  const log = createLog({ level: 'debug', write: line => void written.push(line) });
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(stream => stream.write.bind(stream));
  for (const [at, stream] of streams.entries()) {
    stream.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      said.push(String(chunk));
      return writes[at]?.(chunk, ...rest) ?? true;
    };
  }
  const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const consoles = methods.map(name => console[name].bind(console));
  for (const name of methods) console[name] = (...given: unknown[]) => void said.push(given.map(String).join(' '));
  return {
    lines: written,
    output: said,
    wrap: resources => ({ ...resources, log }),
    stop() {
      for (const [at, stream] of streams.entries()) {
        const write = writes[at];
        if (write !== undefined) stream.write = write;
      }
      for (const [at, name] of methods.entries()) console[name] = consoles[at] ?? console[name];
    },
  };
};
