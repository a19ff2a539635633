/** Lists the files that this process has open (Linux). */
import { readdir, readlink } from 'node:fs/promises';

/** Paths of the open files in a folder, those that were deleted included. */
export const openedIn = async (folder: string): Promise<readonly string[]> => {
  const descriptors = await readdir('/proc/self/fd');
  // A descriptor may be closed meanwhile, such as that of the list itself.
  const paths = await Promise.all(descriptors.map(async each => readlink(`/proc/self/fd/${each}`).catch(() => '')));
  return paths.filter(path => path.startsWith(folder));
};
