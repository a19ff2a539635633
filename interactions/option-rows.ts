/** Makes the rows of "Use a different verification option": the methods that this person may use, each with its state. */
import { nameOf } from '../src/mfa/assurance.ts';
import { isLive, type ChallengeView } from '../src/mfa/challenge-state/view.ts';
import { servedBy } from '../src/mfa/factor.ts';
import { pushType } from '../src/mfa/push/data.ts';
import { interrupts } from '../src/ports/carriers.ts';
import type { Option } from '../web/pages/step-props.ts';
import type { InteractionDeps, UserContext } from './context.ts';
import { isAbout, methodsFor } from './required-level.ts';

const stateOf = (view: ChallengeView): 'waiting' | 'over' =>
  isLive(view) && view.callEnded !== true ? 'waiting' : 'over';

/** Why a method must wait after its challenge. A call that may still ring, and a ceiling of all sends, have no words of their own. */
const waitsFor = ({ reason }: ChallengeView): Option['unavailableReason'] => {
  if (reason === 'send-limit') return reason;
  if (reason === 'push-limit' || reason === 'push-unanswered') return 'requests';
  if (reason === 'elsewhere') return undefined;
  return reason === 'slow' || reason === 'send-ceiling' ? undefined : 'attempts';
};

/** Makes one row for each method, strongest first. `unavailableUntil` is in milliseconds since 1970. */
export const optionRows = async (deps: InteractionDeps, { state, user }: UserContext): Promise<readonly Option[]> => {
  const { clock, factors } = deps;
  const methods = methodsFor(state);
  const disabled = await deps.methods.disabledAmong(user, methods);
  const lastUsed = Math.max(...methods.map(method => (method.recovers === true ? 0 : (method.lastUsedAt ?? 0))));
  return methods.map(method => {
    const { view } = state;
    const own = isAbout(view, method) ? view : undefined;
    const isElsewhere = factors.some(({ type, answeredBy }) => type === method.factor && answeredBy === 'device');
    const isPaused = interrupts(method.via) && (user.pausedUntil ?? 0) > clock();
    const rests = isPaused ? user.pausedUntil : own?.waitUntil;
    const restsFor = isPaused ? 'paused' : own && waitsFor(own);
    return {
      method: nameOf(method),
      type: method.factor,
      label: method.label,
      isDefault: method.isDefault,
      isLastUsed: lastUsed > 0 && method.recovers !== true && method.lastUsedAt === lastUsed,
      ...(method.masked !== undefined && { target: method.masked }),
      ...(own !== undefined && { now: stateOf(own) }),
      ...(own !== undefined && isElsewhere && isLive(own) && { answeredElsewhere: true as const }),
      ...(disabled.has(method) && { isDisabled: true as const }),
      ...(rests !== undefined && {
        unavailableUntil: rests,
        ...(restsFor !== undefined && { unavailableReason: restsFor }),
      }),
    };
  });
};

/** Names of the person's devices that the factor does not serve any more: after wrong PINs, or under a stricter policy. */
export const devicesToPairAgain = (
  { factors }: Pick<InteractionDeps, 'factors'>,
  { stored }: Pick<UserContext, 'stored'>,
): readonly string[] => {
  const factor = factors.find(({ type }) => type === pushType);
  if (factor === undefined) return [];
  const served = servedBy(factor, stored);
  return stored.filter(each => each.type === pushType && !served.includes(each)).map(({ label }) => label);
};
