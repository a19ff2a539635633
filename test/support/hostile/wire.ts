/** Sends bytes that no HTTP client would send, and reads the answers. */
import { connect } from 'node:net';

export interface RawAnswers {
  /** Status of each answer on the connection, in order; empty: it was closed without an answer. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Longer than any answer takes, shorter than the timeout of a test. */
const timeout = 5000;

/**
 * Sends `parts` one after another, and reads until the server closes or has sent `answers` answers. The connection stays
 * open while it reads: only the bytes of the request end the request.
 */
export const sendRaw = (port: number, parts: readonly (string | Uint8Array)[], answers = 1): Promise<RawAnswers> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const statuses = () => [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
    const finish = (): void => {
      socket.destroy();
      resolve({ statuses: statuses(), text });
    };
    socket.setTimeout(timeout, () => {
      socket.destroy();
      reject(new Error(`nothing was answered in ${timeout} ms: ${JSON.stringify(text.slice(0, 200))}`));
    });
    socket.on('data', chunk => {
      text += chunk.toString('latin1');
      if (statuses().length >= answers && text.includes('\r\n\r\n')) finish();
    });
    // The server refused to read on, as many tests expect. The answer before that counts.
    socket.on('error', finish);
    socket.on('close', finish);
    for (const part of parts) socket.write(part);
  });

/** The head of a request, with its empty line. */
export const head = (method: string, path: string, headers: Readonly<Record<string, string>>): string =>
  [`${method} ${path} HTTP/1.1`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  );

/** One part of a chunked body. */
export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
