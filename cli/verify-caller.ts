/**
 * Adds the command `users verify-caller`: a help desk learns whether the caller has the authenticator of the account. It tells the caller a
 * number, and the caller types it there. The answer goes to the running server; this command reads the store until it has arrived.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { randomToken } from '../src/crypto.ts';
import type { EndReason } from '../src/end-reason.ts';
import { Problem } from '../src/errors.ts';
import { plain } from '../src/masking.ts';
import type { Asked, NotAsked } from '../src/mfa/challenge/approvals.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import type { Millis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';
import { referenceOf } from '../src/reference.ts';
import { print } from './output.ts';
import { endingChallenge } from './end-challenge.ts';
import { userNamed, withServices, type CommandServices } from './services.ts';

/** Time between reads of the store: the answer arrives in another process. */
const pollInterval: Millis = 1000;

/** Adds it to the group `users`. */
export const addVerifyCallerCommand = (users: Command): void => {
  users
    .command('verify-caller <name>')
    .description('shows whether a caller is this person: gives a number, which the caller types in the authenticator')
    .action(async (name: string) =>
      withServices(async services => verifyCaller(services, await userNamed(services, name))),
    );
};

/** How it talks to the help desk, and waits. */
export interface Terminal {
  readonly say: (line: string) => void;
  readonly wait: (time: Millis) => Promise<unknown>;
}

/** Asks, and waits for the answer. Returns where the caller is this person. @throws Problem with the reason where that is not proven */
export const verifyCaller = async (
  services: CommandServices,
  user: User,
  { say, wait }: Terminal = { say: print, wait: sleep },
): Promise<void> => {
  const boundTo = `caller:${randomToken()}`;
  await endingChallenge(services, boundTo, async () => {
    const asked = await services.approvals.ask({
      purpose: 'caller',
      boundTo,
      user,
      client: services.resources.settings.issuer.host,
    });
    if (!asked.ok) throw await unproven(services, user, { boundTo, reason: asked.reason });
    for (const line of instructions(asked)) say(line);
    const view = await untilAnswered(services, boundTo, { asked, say, wait });
    const outcome = await services.approvals.outcome(boundTo);
    if (typeof outcome === 'string')
      throw await unproven(services, user, { boundTo, reason: view?.reason ?? view?.phase ?? 'lost' });
    await services.audit({ ...fact(user, boundTo), event: 'caller.verified', outcome: 'success' });
    say(`The caller is ${plain(user.name)}.`);
  });
};

const instructions = ({ view, device }: Extract<Asked, { readonly ok: true }>): readonly string[] => [
  `Asked ${plain(device)}. Tell the caller to open the authenticator there, and to type this number:`,
  view.prompt.kind === 'approve' ? view.prompt.show : '',
];

/** Waits for the end of the challenge. It always returns: a challenge past its deadline is no longer pending. */
const untilAnswered = async (
  { challenges }: CommandServices,
  boundTo: string,
  { asked, say, wait }: Terminal & { readonly asked: Extract<Asked, { readonly ok: true }> },
): Promise<ChallengeView | undefined> => {
  let view: ChallengeView | undefined = asked.view;
  let known = view.progress;
  while (view?.phase === 'pending') {
    await wait(pollInterval);
    view = await challenges.current(boundTo);
    if (view?.progress === 'delivered' && known !== 'delivered') say('The authenticator shows it.');
    known = view?.progress;
  }
  return view;
};

type Unproven = NotAsked | ChallengeView['phase'];

const unproven = async (
  { audit }: CommandServices,
  user: User,
  { boundTo, reason }: { readonly boundTo: string; readonly reason: Unproven },
): Promise<Problem> => {
  await audit({ ...fact(user, boundTo), event: 'caller.refused', outcome: 'refused', reason });
  return new Problem('undeliverable', `not proven: ${words[reason] ?? `it ended (${reason})`}`, { retryable: false });
};

const fact = ({ id }: User, boundTo: string) => ({ actor: 'cli', subject: id, reference: referenceOf(boundTo) });

const words: Readonly<Partial<Record<Unproven, string>>> = {
  budget: 'this person was asked three times in the last hour',
  'no-device': 'this person has no authenticator that can be used',
  elsewhere: 'another request waits in the authenticator',
  paused: 'requests are paused, because this person said "It wasn\'t me"',
  declined: 'the person declined',
  denied: 'the person said "It wasn\'t me"',
  'wrong-number': 'another number was typed',
  expired: 'nobody answered in time',
} satisfies Partial<Record<Unproven, string>> & Partial<Record<EndReason, string>>;
