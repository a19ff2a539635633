/** Takes files and commands out of docs/production.md, and puts the places of a test in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';

const text = readFileSync(join(import.meta.dirname, '../../../docs/production.md'), 'utf8');

/** Where a test follows the page: a folder instead of /, and free ports. */
export interface Places {
  readonly folder: string;
  /** Of the server, 3000 on the page. */
  readonly port: number;
  /** Of the proxy, 443 and 80 on the page. */
  readonly tlsPort: number;
  readonly plainPort: number;
}

/** The text with the places of a test; its name is localhost, and all files belong to this user. */
const at = ({ folder, port, tlsPort, plainPort }: Places, block: string): string => {
  const { uid, gid } = userInfo();
  return block
    .replaceAll('setpriv --reuid=sallyport --regid=sallyport --clear-groups ', '')
    .replaceAll('-o sallyport -g sallyport', `-o ${uid} -g ${gid}`)
    .replaceAll('-g sallyport', `-g ${gid}`)
    .replaceAll('root:sallyport', `${uid}:${gid}`)
    .replaceAll(/\/(?:etc\/sallyport|var\/lib\/sallyport|var\/backups|opt\/sallyport)\b/g, path => folder + path)
    .replaceAll('server_name login.example.com', 'server_name localhost')
    .replaceAll('login.example.com', `localhost:${tlsPort}`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`)
    .replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${tlsPort} ssl;`);
};

/** The file that the page shows after a line with its path. @throws Error where there is none */
export const fileOf = (places: Places, path: string): string => {
  const [, block] = text.split(`\`${path}\``)[1]?.match(/^[^\n]*:\n\n```[a-z]*\n([^]*?)```/) ?? [];
  if (block === undefined) throw new Error(`docs/production.md shows no ${path}`);
  return at(places, block);
};

/** The command blocks of a section, in their order. @throws Error where there is none */
export const commandsOf = (places: Places, heading: string): readonly string[] => {
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const blocks = [...(section.split('\n## ')[0] ?? '').matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block);
  if (blocks.length === 0) throw new Error(`docs/production.md has no commands below "${heading}"`);
  return blocks.map(block => at(places, block));
};
