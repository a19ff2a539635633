/** Tells whether the conditions of a rule hold for a sign-in. */
import type { Conditions, Facts, NotApplying, Rule } from './policy.ts';
import { isWithinWindow } from './time-window.ts';

/** The facts, with the networks of the address. `networks` undefined: the address is not known. */
export interface Situation extends Facts {
  readonly networks: readonly string[] | undefined;
}

/** What is known of one condition. `open`: the fact that it depends on is not known. */
type Answer = 'holds' | 'fails' | 'open';

const one = (wanted: readonly string[], found: readonly string[]): Answer =>
  wanted.some(each => found.includes(each)) ? 'holds' : 'fails';

const answers: Readonly<Record<keyof Conditions, (conditions: Conditions, situation: Situation) => Answer>> = {
  clients: ({ clients = [] }, { client }) => one(clients, client === undefined ? [] : [client.id]),
  groups: ({ groups = [] }, { person }) => (person === undefined ? 'open' : one(groups, person.groups)),
  networks: ({ networks: wanted = [] }, { networks }) => (networks === undefined ? 'open' : one(wanted, networks)),
  time: ({ time }, { at }) =>
    at === undefined ? 'open' : time === undefined || isWithinWindow(time, at) ? 'holds' : 'fails',
};

const members = ['clients', 'groups', 'networks', 'time'] as const satisfies readonly (keyof Conditions)[];
const reasons = { clients: 'client', groups: 'group', networks: 'network', time: 'time' } as const;

/**
 * Why the rule does not apply; undefined: it does. A rule about groups waits for the person. A rule about networks or times applies
 * where the address or the time is not known, because rules only add requirements.
 */
export const notApplying = ({ when, unless }: Rule, situation: Situation): NotApplying | undefined => {
  if (situation.person?.isExempt === true) return 'exempt';
  const failing = members.find(each => when[each] !== undefined && answers[each](when, situation) === 'fails');
  if (failing !== undefined) return reasons[failing];
  if (members.some(each => unless[each] !== undefined && answers[each](unless, situation) === 'holds')) return 'unless';
  const isAboutGroups = when.groups !== undefined || unless.groups !== undefined;
  return isAboutGroups && situation.person === undefined ? 'waiting' : undefined;
};
