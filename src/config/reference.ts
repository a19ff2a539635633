/** The settings as people read them: the reference page, and what is in force. */
import type { Reading } from './reading.ts';
import { entryOf, keys, type Key } from './table.ts';

const section = (key: Key): string => {
  const { name, doc, expected, example, fallback, secret } = entryOf(key);
  return [
    `## ${name}`,
    doc,
    [
      `- expected: ${expected}`,
      `- default: ${fallback === undefined ? 'unset' : `\`${fallback}\``}`,
      `- example: \`${name}=${example}\``,
      ...(secret ? [`- secret: never shown; \`${name}_FILE\` names a file that holds it instead`] : []),
    ].join('\n'),
  ].join('\n\n');
};

/** `docs/configuration.md`, whole. */
export const referencePage = (): string =>
  `${[
    '# Settings',
    '<!-- Made by `npm run cli -- config docs`. A test compares it with src/config/table.ts. -->',
    'Settings are environment variables. All of them are read once, at the start; whatever is wrong is reported together, ' +
      'and the process exits with 78. `npm run cli -- config check` does the same and nothing else; ' +
      '`npm run cli -- config print` shows what is in force and where it comes from. ' +
      'A name that begins with `SALLYPORT_` and is not on this page is a mistake too.',
    ...keys.map(section),
  ].join('\n\n')}\n`;

/** One line a setting: name, value, where it comes from (`sourceOf` knows better for some). Secrets are hidden. */
export const inForce = (
  { given }: Reading,
  sourceOf: (name: string) => string | undefined = () => undefined,
): string => {
  const widest = Math.max(...keys.map(key => entryOf(key).name.length));
  const widestText = 48;
  return keys
    .map(key => {
      const { name, secret } = entryOf(key);
      const { text, source } = given.get(key) ?? { text: undefined, source: 'default' };
      const shown = text === undefined ? '(unset)' : secret ? '[hidden]' : text;
      return `${name.padEnd(widest)}  ${shown.padEnd(widestText)}  ${sourceOf(name) ?? source}\n`;
    })
    .join('');
};
