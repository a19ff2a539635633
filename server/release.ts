/** Reads the version of this program. */
import { readFileSync } from 'node:fs';

const versionIn = (packageFile: unknown): string => {
  const isRead = typeof packageFile === 'object' && packageFile !== null && 'version' in packageFile;
  return isRead ? String(packageFile.version) : 'unknown';
};

/** The release that runs, as package.json states it. */
export const release = versionIn(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
