/** Opens the files that a command reads or writes. */
import { open, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readText } from '../src/config/sources.ts';
import { Problem } from '../src/errors.ts';

/** EX_DATAERR of sysexits.h: some rows of a file were refused or are stored otherwise. */
export const exitData = 65;

/** Opens a file; a new one is for its owner only. @throws Problem 'bad-request' with the reason of the operating system */
export const openFile = async (path: string, flags: 'r' | 'wx'): Promise<FileHandle> => {
  try {
    const file = await open(path, flags, 0o600);
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
    throw new Error('it is a directory');
  } catch (error) {
    throw unopened(path, error);
  }
};

/** The text of a small file in UTF-8. @throws Problem 'bad-request' with the reason, which begins with `start` */
export const textOfFile = (path: string, start = ''): string => {
  try {
    return readText(path);
  } catch (error) {
    throw unopened(path, error, start);
  }
};

/** Names the whole path: the script of docs/production.md runs commands in another folder than that of the person. */
const unopened = (path: string, cause: unknown, start = ''): Problem => {
  const reason = Error.isError(cause) ? cause.message : String(cause);
  return new Problem('bad-request', `${start}cannot open ${JSON.stringify(resolve(path))}: ${reason}`, { cause });
};

/**
 * Hands the bytes of a file to `work`; `-`: of standard input. The file is closed when the work ends, also where it was not read to
 * its end. @throws as `openFile`, and as `work`
 */
export const withBytesOf = async <T>(
  path: string,
  work: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> => {
  if (path === '-') return work(process.stdin);
  await using file = await openFile(path, 'r');
  return await work(chunksOf(file));
};

/** The bytes of a file. It is opened at the first read, and closed after the last one. @throws as `openFile` */
export async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  await using file = await openFile(path, 'r');
  yield* chunksOf(file);
}

const chunkBytes = 65_536;

/** No stream of Node: one that is never read keeps its file open, and the file does not close before it. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
