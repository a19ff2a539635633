/** The command `clients show`: how a client is registered, and what follows from it. */
import type { Command } from 'commander';
import { Problem } from '../../src/errors.ts';
import { plain } from '../../src/masking.ts';
import { jsonOption, print, printJson, type ListOptions } from '../output.ts';
import { clientNamed, withServices, type CommandServices } from '../services.ts';
import { usesSecret } from '../../src/oidc/clients/completion.ts';
import { unknownSecret } from '../../src/oidc/clients/software/index.ts';
import { describeClient } from './description.ts';
import { forOption, printSnippet, typedSoftware, type ForOptions } from './for-option.ts';

type ShowOptions = ListOptions & ForOptions;

/** Declares it. */
export const declareShow = (clients: Command): void => {
  clients
    .command('show <id>')
    .description('shows how a client is registered and what applies to it, without its secret')
    .addOption(jsonOption())
    .addOption(forOption('prints the configuration of well-known software for this client'))
    .action(async (id: string, options: ShowOptions) => withServices(async services => show(services, id, options)));
};

const show = async (services: CommandServices, id: string, { json, ...options }: ShowOptions): Promise<void> => {
  const client = await clientNamed(services, id);
  const { settings } = services.resources;
  if (json) return printJson({ issuer: settings.issuer.origin, ...client });
  const facts = describeClient(client, settings);
  const width = Math.max(...facts.map(([name]) => name.length));
  print(facts.map(([name, text]) => `${name.padEnd(width)}  ${plain(text)}`).join('\n'));
  const known = typedSoftware(options);
  if (known === undefined) return;
  const { metadata } = client;
  const [redirectUri] = metadata.redirect_uris ?? [];
  if (redirectUri === undefined) throw new Problem('bad-request', 'this client has no redirect address');
  const clientSecret = usesSecret(metadata) ? unknownSecret : '';
  printSnippet(known, { issuer: settings.issuer.origin, clientId: id, clientSecret, redirectUri }, metadata);
};
