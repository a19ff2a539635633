/** Fills the configuration of software with the values of a client, for its developer. */
import { textsIn } from '../clients/change.ts';
import { usesSecret } from '../clients/completion.ts';
import { curlForCodes, curlForDevices } from '../clients/software/curl.ts';
import {
  differencesFrom,
  notesFor,
  snippetFor,
  software,
  unknownSecret,
  type RegisteredValues,
  type SoftwareName,
} from '../clients/software/index.ts';
import { kindOf, mainSoftwareFor, softwareFor } from './kinds.ts';

/** The configuration of a client for one software. */
export interface ClientSnippet {
  /** Unique among the snippets of a client. */
  readonly name: string;
  readonly title: string;
  /** Where it belongs; absent: it is run in a shell. */
  readonly file?: string;
  readonly text: string;
  readonly notes: readonly string[];
  /** Members of the client that this software needs otherwise. */
  readonly differences: readonly string[];
}

/** The snippets of a client. `clientSecret`: known only just after it was made. `chosen`: the software that comes first. */
export const snippetsFor = (
  metadata: object,
  {
    issuer,
    clientSecret: known,
    chosen,
  }: { readonly issuer: string; readonly clientSecret: string | undefined; readonly chosen: SoftwareName | undefined },
): readonly ClientSnippet[] => {
  const clientId = String(Reflect.get(metadata, 'client_id'));
  const clientSecret = known ?? (usesSecret(metadata) ? unknownSecret : '');
  const kind = kindOf(metadata);
  const shell = { name: 'curl', title: 'curl', notes: [], differences: [] };
  if (kind === 'device') return [{ ...shell, text: curlForDevices({ issuer, clientId, clientSecret }) }];
  const [redirectUri] = textsIn(metadata, 'redirect_uris');
  if (kind === 'service' || redirectUri === undefined) return [];
  const values: RegisteredValues = { issuer, clientId, clientSecret, redirectUri };
  return [
    ...mainSoftwareFor(kind, chosen).map(name => ({
      name,
      title: software[name].title,
      file: software[name].file,
      text: snippetFor(name, values),
      notes: notesFor(name, clientId, metadata),
      // The rule of PKCE is stricter for clients of developers, and each snippet keeps it.
      differences: differencesFrom(name, metadata).filter(each => !each.startsWith('pkce:')),
    })),
    { ...shell, text: curlForCodes(values) },
  ];
};

/** Software that fits the client beside that of `snippetsFor`. */
export const otherSoftware = (
  metadata: object,
  chosen: SoftwareName | undefined,
): readonly { readonly name: SoftwareName; readonly title: string }[] => {
  const kind = kindOf(metadata);
  const shown = mainSoftwareFor(kind, chosen);
  return softwareFor(kind)
    .filter(name => !shown.includes(name))
    .map(name => ({ name, title: software[name].title }));
};
