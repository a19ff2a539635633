/** Kinds of clients that developers register: four of their own, and the software whose needs are known (`clients/software/`). */
import { deviceGrant, type NewClient } from '../client-metadata.ts';
import { applyChange } from '../clients/change.ts';
import { isPublic } from '../clients/completion.ts';
import { isSoftware, registrationFor, software, type SoftwareName } from '../clients/software/index.ts';
import type { Software } from '../clients/software/software.ts';

/** What a client is, as pages say it. Operators also have services and others. */
export type ClientKind = 'web' | 'spa' | 'native' | 'device' | 'service';

/** The kinds that developers choose from. */
export const ownKinds = ['web', 'spa', 'native', 'device'] as const satisfies readonly ClientKind[];
type OwnKind = (typeof ownKinds)[number];

/** The kind of a stored client. */
export const kindOf = (metadata: object): ClientKind => {
  const grantTypes: unknown = Reflect.get(metadata, 'grant_types');
  const has = (grant: string): boolean => Array.isArray(grantTypes) && grantTypes.includes(grant);
  if (!has('authorization_code')) return has(deviceGrant) ? 'device' : 'service';
  if (Reflect.get(metadata, 'application_type') === 'native') return 'native';
  return isPublic(metadata) ? 'spa' : 'web';
};

const registrations: Readonly<Record<OwnKind, Partial<NewClient>>> = {
  web: {},
  spa: { token_endpoint_auth_method: 'none', application_type: 'web' },
  native: { token_endpoint_auth_method: 'none', application_type: 'native' },
  device: { token_endpoint_auth_method: 'none', grant_types: [deviceGrant, 'refresh_token'] },
};

/** What a developer chooses: one of the kinds, or software by its name. */
export type Choice = OwnKind | SoftwareName;
export const isChoice = (name: unknown): name is Choice => isOwnKind(name) || isSoftware(name);
const isOwnKind = (name: unknown): name is OwnKind => ownKinds.some(kind => kind === name);

/** What the form of this choice asks for: the address of the software, redirect addresses, or neither. */
export const addressField = (choice: Choice): 'url' | 'redirect_uris' | 'none' => {
  if (isOwnKind(choice)) return choice === 'device' ? 'none' : 'redirect_uris';
  const { url }: Software = software[choice];
  return url === undefined ? 'url' : 'none';
};

/** The metadata of a new client of this choice. `url`: the address of software; `redirectUris`: of a program of one's own. */
export const newClientOf = (
  choice: Choice,
  {
    name,
    url,
    redirectUris,
  }: { readonly name: string; readonly url: string; readonly redirectUris: readonly string[] },
): NewClient => {
  const named: NewClient = { client_name: name, redirect_uris: [] };
  if (isOwnKind(choice)) return { ...named, ...registrations[choice], redirect_uris: redirectUris };
  const { pkce: _weaker, ...client } = applyChange(named, registrationFor(choice, url || undefined));
  // Snippets for software that sends no PKCE by default send it, or a nonce: no client of a developer needs less.
  return client;
};

/** Software that fits a client of this kind, in the order of the list. */
export const softwareFor = (kind: ClientKind): readonly SoftwareName[] =>
  Object.keys(software)
    .filter(isSoftware)
    .filter(name => kindOf({ grant_types: ['authorization_code'], ...software[name].registration }) === kind);

/** Software whose configuration a page shows first, one for each language. */
const mainSoftware: readonly SoftwareName[] = [
  'openid-client',
  'authlib',
  'go-oidc',
  'spring',
  'oidc-client-ts',
  'native-cli',
];

/** The software of the tabs of a client: the chosen one, and one for each language. */
export const mainSoftwareFor = (kind: ClientKind, chosen?: SoftwareName): readonly SoftwareName[] => {
  const fitting = softwareFor(kind);
  const first = chosen !== undefined && fitting.includes(chosen) ? [chosen] : [];
  return [...new Set([...first, ...mainSoftware.filter(name => fitting.includes(name))])];
};
