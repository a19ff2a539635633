/** Adds the commands `policy test | explain`: the tests of a policy file, and why a sign-in requires what it does. */
import { isIP } from 'node:net';
import { Option, type Command } from 'commander';
import { loadSettings } from '../src/config.ts';
import { createAuditTrail } from '../src/audit.ts';
import { typedCrockford } from '../src/crockford.ts';
import { Problem } from '../src/errors.ts';
import { plain } from '../src/masking.ts';
import { acrs, isAcr } from '../src/mfa/assurance.ts';
import type { Acr } from '../src/mfa/factor.ts';
import { clientFacts, personFacts } from '../src/oidc/prompts/policy-facts.ts';
import { decide } from '../src/policy/decide.ts';
import { explained } from '../src/policy/explain.ts';
import { runTests } from '../src/policy/file-tests.ts';
import type { Facts } from '../src/policy/policy.ts';
import { readPolicy, type PolicyFile } from '../src/policy/read.ts';
import { readTrace, traceText } from '../src/policy/trace.ts';
import { auditEventKind, type AuditRecord } from '../src/records.ts';
import { commandEnvironment } from './environment.ts';
import { textOfFile } from './files.ts';
import { isoTime, print } from './output.ts';
import { clientNamed, userNamed, withServices, type CommandServices } from './services.ts';
import { typedTime } from './typed.ts';

interface ExplainOptions {
  readonly user?: string;
  readonly client?: string;
  readonly network?: string;
  readonly at?: string;
  readonly acr?: string;
}

/** Adds them to `program`. */
export const addPolicyCommands = (program: Command): void => {
  const policy = program.command('policy').description('the rules for sign-ins');

  policy
    .command('test [file]')
    .description(
      'runs the tests that a policy file holds, by default that of SALLYPORT_POLICY; exits with 1 if one fails',
    )
    .action((file: string | undefined) => {
      if (!report(fileOf(file))) process.exitCode = 1;
    });

  policy
    .command('explain [reference]')
    .description('tells what a past sign-in required and why, by the reference of its page; or what one would require')
    .option('--user <name>', 'an account; without it a person who is not known yet')
    .option('--client <id>', 'a client')
    .option('--network <name>', 'a network of the file, or the address of a browser')
    .option('--at <time>', 'a time with its zone, such as 2026-12-01T08:00:00+01:00; by default now')
    .addOption(new Option('--acr <acr>', 'the level that the request requires').choices([...acrs]))
    .action(async (reference: string | undefined, options: ExplainOptions) =>
      withServices(async services => {
        const isAboutPast = reference !== undefined;
        if (isAboutPast === Object.keys(options).length > 0) {
          throw new Problem('bad-request', 'expected either a reference, or --user, --client, --network, --at, --acr');
        }
        await (isAboutPast ? explainPast(services, reference) : explainNext(services, options));
      }),
    );
};

/** @throws Problem 'bad-request' for a file with mistakes, or without one */
const fileOf = (path: string | undefined): PolicyFile => {
  if (path === undefined) {
    const { policyFile } = loadSettings(commandEnvironment(process.env));
    if (policyFile === undefined) throw new Problem('bad-request', 'got no file, and SALLYPORT_POLICY is not set');
    return policyFile;
  }
  const read = readPolicy(textOfFile(path));
  if (read.ok) return read.value;
  const lines = read.faults.map(({ at, got, expected }) => `  ${at}: got ${got}, expected ${expected}`);
  throw new Problem('bad-request', `${path} has mistakes:\n${lines.join('\n')}`);
};

/** Prints each test that fails, and the count. Gives true where all passed. */
const report = (file: PolicyFile): boolean => {
  const results = runTests(file);
  const failed = results.filter(({ differences }) => differences.length > 0);
  for (const { name, differences } of failed) {
    print(`failed: ${plain(name)}`);
    for (const difference of differences) print(`  ${plain(difference)}`);
  }
  print(`${results.length - failed.length} of ${results.length} tests of the policy ${file.policy.version} passed.`);
  return failed.length === 0;
};

const printTrace = (text: unknown, { resources }: CommandServices): void => {
  const kept = readTrace(text);
  if (kept !== undefined) for (const line of explained(kept, resources.settings.policy)) print(plain(line));
};

const explainPast = async (services: CommandServices, reference: string): Promise<void> => {
  const events = services.resources.durable.collection(auditEventKind);
  const found = await createAuditTrail({ events }).find({ reference: typedCrockford(reference) ?? reference });
  const decided = found.filter(({ facts }) => readTrace(facts['policy']) !== undefined).toReversed();
  if (decided.length === 0) {
    throw new Problem('not-found', `no decision is recorded about ${JSON.stringify(plain(reference))}`);
  }
  for (const record of decided) {
    print(headOf(record));
    printTrace(record.facts['policy'], services);
  }
};

/** `2026-11-30T12:00:00.000Z sign-in.finished at payroll`. */
const headOf = ({ at, event, facts }: AuditRecord): string =>
  plain(`${isoTime(at)} ${event}${facts['client'] === undefined ? '' : ` at ${String(facts['client'])}`}`);

const explainNext = async (services: CommandServices, options: ExplainOptions): Promise<void> => {
  const { settings, clock } = services.resources;
  const facts = {
    server: settings.minAcr,
    ...(options.client !== undefined && { client: await clientIn(services, options.client) }),
    request: { acr: levelIn(options.acr) },
    ...(options.user !== undefined && { person: await personIn(services, options.user) }),
    ...(options.network !== undefined && { address: addressOf(services, options.network) }),
    at: options.at === undefined ? clock() : typedTime('--at', options.at),
  };
  printTrace(traceText(decide(settings.policy, facts)), services);
};

const levelIn = (acr: string | undefined): Acr => (isAcr(acr) ? acr : 'sfa');

const clientIn = async (services: CommandServices, id: string): Promise<NonNullable<Facts['client']>> => {
  const { metadata } = await clientNamed(services, id);
  return clientFacts({ ...metadata, clientId: id });
};

const personIn = async (services: CommandServices, name: string): Promise<NonNullable<Facts['person']>> => {
  const user = await userNamed(services, name);
  return personFacts(services, user, { hasMethod: user.authenticators.length > 0, chosen: user.minAcr ?? 'sfa' });
};

/** The address, or the first one of the named network. */
const addressOf = ({ resources }: CommandServices, network: string): string => {
  if (isIP(network) !== 0) return network;
  const [range] = resources.settings.policy.networks.get(network) ?? [];
  if (range === undefined) {
    const names = [...resources.settings.policy.networks.keys()].join(', ') || 'no names';
    throw new Problem(
      'bad-request',
      `got the network ${JSON.stringify(network)}, expected an address or one of ${names}`,
    );
  }
  return range[0].toString();
};
