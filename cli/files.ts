/** Opens the files that a command reads or writes. */
import { open, type FileHandle } from 'node:fs/promises';
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
    const reason = Error.isError(error) ? error.message : String(error);
    throw new Problem('bad-request', `cannot open ${JSON.stringify(path)}: ${reason}`, { cause: error });
  }
};

/** The bytes of a file; `-`: of standard input. @throws as `openFile` */
export const bytesOf = async (path: string): Promise<AsyncIterable<Uint8Array>> =>
  path === '-' ? process.stdin : (await openFile(path, 'r')).createReadStream();
