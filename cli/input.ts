/** Reads a password, without echo, or lines, from the terminal or from standard input. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Problem } from '../src/errors.ts';

/** More than the longest password, in bytes. Longer input is not a password. */
const longestInput = 8192;

/**
 * Gives a line typed twice without echo, or standard input up to its first line end. A password is never an argument, because
 * all users of a machine can see the arguments of a process.
 *
 * @throws Problem 'bad-request' if the two differ, the input was cancelled, or a pipe is not UTF-8; 'too-large' for a long pipe
 */
export const askPassword = async (question: string): Promise<string> => {
  if (!process.stdin.isTTY) return readPiped();
  const first = await askHidden(`${question}: `);
  if ((await askHidden(`${question}, again: `)) === first) return first;
  throw new Problem('bad-request', 'got two different passwords, expected the same twice');
};

const readPiped = async (): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    length += chunk.length;
    if (length > longestInput) throw new Problem('too-large', `got more than ${longestInput} bytes for a password`);
  }
  const [line = ''] = decoded(Buffer.concat(chunks)).split(/\r?\n/, 1);
  return line;
};

/**
 * Decodes UTF-8 and drops the byte order mark that Windows PowerShell writes first. Other encodings are refused: they would set
 * another password than the one that was meant.
 */
const decoded = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem('bad-request', 'got a password that is not UTF-8 on standard input, expected UTF-8', { cause });
  }
};

const askHidden = (question: string): Promise<string> => {
  process.stderr.write(question);
  // readline echoes into its output stream; this one discards it.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  return nextLine(createInterface({ input: process.stdin, output, terminal: true })).finally(() =>
    process.stderr.write('\n'),
  );
};

/** Asks for lines, one after another; `ask` gives undefined at the end of the input. */
export const openQuestions = (): {
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly close: () => void;
} => {
  const lines = createInterface({ input: process.stdin, terminal: false });
  const read = lines[Symbol.asyncIterator]();
  return {
    ask: async question => {
      process.stdout.write(question);
      const next = await read.next();
      return next.done ? undefined : next.value;
    },
    close: () => lines.close(),
  };
};

const nextLine = (lines: ReturnType<typeof createInterface>): Promise<string> =>
  new Promise((resolve, reject) => {
    lines.once('line', line => {
      resolve(line);
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => reject(new Problem('bad-request', 'no password was entered')));
  });
