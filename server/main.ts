/**
 * Runs the server process: loads settings, opens stores and carriers, creates the application and listens. `shutdown.ts` ends it.
 */
import { createApp } from './app.ts';
import { connectionLimits } from './connections.ts';
import { createOverloaded } from './endpoints/overloaded.ts';
import { guardOverload } from './overload.ts';
import { reportProblem } from './report-failure.ts';
import { loadSettings, type Settings } from '../src/config.ts';
import type { Log } from '../src/log.ts';
import { passkeyType } from '../src/mfa/passkeys/data.ts';
import { isRpId } from '../src/mfa/passkeys/policy.ts';
import { pushType } from '../src/mfa/push/data.ts';
import { pushObstacle } from '../src/mfa/push/settings.ts';
import { listen, type Listening } from './listen.ts';
import type { ProcessState } from './management.ts';
import { cibaObstacle } from '../src/oidc/ciba/offered.ts';
import { newDatabase, openResources, type OpenResources } from './resources.ts';
import type { Resources } from './services.ts';
import { endOnSignals } from './shutdown.ts';
import { openTelemetry, type Telemetry } from './telemetry.ts';

/** NIST SP 800-63B-4 §2.2.2: a phishing-resistant method is to be offered at AAL2. */
const warnWithoutPasskeys = ({ factors, passkeys }: Settings, log: Log): void => {
  const { rpId } = passkeys;
  if (!factors.includes(passkeyType)) log.warn('passkeys.off', { because: 'SALLYPORT_FACTORS' });
  else if (!isRpId(rpId)) log.warn('passkeys.off', { because: 'ip-address', host: rpId });
};

/** Says why clients cannot ask people in their authenticator: discovery does not announce it then. */
const logWithoutCiba = (resources: Resources): void => {
  const because = cibaObstacle(resources);
  if (because !== undefined) resources.log.info('ciba.off', { because });
};

/** Browsers run the authenticator on secure origins only. */
const warnWithoutPush = ({ factors, issuer, push, passkeys }: Settings, log: Log): void => {
  const because = pushObstacle(issuer, push.unlock, passkeys.rpId);
  if (factors.includes(pushType) && because !== undefined) log.warn('push.off', { because, host: issuer.hostname });
};

interface Started {
  /** Of the database that this start creates. */
  readonly path: string | undefined;
  readonly state: ProcessState;
  readonly management: Listening | undefined;
}

const start = async (): Promise<void> => {
  const settings = loadSettings(process.env);
  const telemetry = await openTelemetry(settings);
  const state: ProcessState = { hasStarted: false };
  // Before the stores: a probe that asks while they are waited for must not find a closed port.
  const management = await telemetry.listen(state);
  try {
    await startServing(settings, telemetry, { state, management });
  } catch (error) {
    await management?.close(0);
    throw error;
  }
};

const startServing = async (
  settings: Settings,
  telemetry: Telemetry,
  { state, management }: Pick<Started, 'state' | 'management'>,
): Promise<void> => {
  const path = newDatabase(settings);
  const resources = telemetry.instrument(await openResources(settings));
  try {
    await serve(settings, resources, { path, state, management });
  } catch (error) {
    // Open connections to stores would keep the process alive, and no supervisor would start it again.
    await resources.close();
    throw error;
  }
};

const serve = async (
  settings: Settings,
  resources: OpenResources,
  { path, state, management }: Started,
): Promise<void> => {
  const { log } = resources;
  if (path !== undefined) log.warn('database.created', { path });
  warnWithoutPasskeys(settings, log);
  logWithoutCiba(resources);
  warnWithoutPush(settings, log);
  const app = await createApp(resources);
  state.readiness = () => app.readiness();
  const answer = guardOverload({
    answer: app.callback,
    refuse: createOverloaded({ ...settings, clock: resources.clock, log }),
    metrics: resources.metrics,
  });
  const server = await listen(answer, settings.listen, { limits: connectionLimits(settings.proxyHops) });
  state.hasStarted = true;
  endOnSignals({ app, server, management, resources, delay: settings.drainDelay, log });
  // Logged after the signal handlers are set: a reader of this line may stop the process at once.
  log.info('server.listening', { ...settings.listen, issuer: settings.issuer.origin, mode: settings.mode });
};

const usage = `Usage: npm run serve

Starts the server and takes no arguments. Its settings are environment variables, see
docs/configuration.md; 'npm run cli -- config check' checks them without a start.
`;

/** Answers arguments instead of starting. True: there were some. 64: wrong usage, as in sysexits.h. */
const answersArguments = ([argument]: readonly string[]): boolean => {
  if (argument === undefined) return false;
  const isHelp = argument === '--help' || argument === '-h';
  if (isHelp) process.stdout.write(usage);
  else process.stderr.write(`got the argument ${JSON.stringify(argument)}, expected none (see --help)\n`);
  process.exitCode = isHelp ? 0 : 64;
  return true;
};

try {
  if (!answersArguments(process.argv.slice(2))) await start();
} catch (error) {
  process.exitCode = reportProblem(error);
}
