/** Warms a server up: signs people in by each method, and has its token endpoints asked, before anything is measured. */
import { beingCalled } from './calls.ts';
import { runTimes, type Server } from './probes.ts';
import { apis, type Tokens } from './requests.ts';
import {
  introspectionOf,
  many,
  refreshing,
  servicesAsking,
  signingIn,
  signingInByPassword,
  signingInWithoutPages,
  tokensOf,
  tokensWithoutPages,
  userinfoOf,
} from './workers.ts';

/** What a server has, and how many sign-ins warm it up. */
export interface WarmUp {
  readonly people: number;
  readonly callers: number;
  readonly carrierUrl: string;
  readonly signIns: number;
}

/** As many requests to each endpoint of tokens. */
const warmEndpoints = async (port: number, families: readonly Tokens[], requests: number): Promise<void> => {
  const [{ access } = { access: '' }] = families;
  await runTimes(many(userinfoOf(port, access)), requests);
  await runTimes(many(introspectionOf(port, access)), requests);
  await runTimes(refreshing(port, families), requests);
  await runTimes(servicesAsking(port, apis.opaque), requests);
};

/** Half of the sign-ins by TOTP, a third by password, the others by call. */
export const warmUp = async (
  server: Pick<Server, 'port'>,
  { people, callers, carrierUrl, signIns }: WarmUp,
): Promise<void> => {
  const { port } = server;
  const [byTotp, byPassword] = [Math.ceil(signIns / 2), Math.ceil(signIns / 3)];
  await runTimes(signingIn(port, people), byTotp);
  await runTimes(signingInByPassword(port, people), byPassword);
  const byCall = Math.max(0, signIns - byTotp - byPassword);
  await runTimes(beingCalled(port, carrierUrl, callers, Math.min(12, byCall)), byCall);
  await warmEndpoints(port, await tokensOf(server, people), signIns);
};

/** The same for the bare library, which asks nobody anything. */
export const warmUpBare = async ({ port }: Pick<Server, 'port'>, signIns: number): Promise<void> => {
  await runTimes(signingInWithoutPages(port), signIns);
  await warmEndpoints(port, await tokensWithoutPages(port), signIns);
};
