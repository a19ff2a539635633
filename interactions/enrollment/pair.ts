/**
 * Serves POST …/enroll/pair: the person says whether the device that claimed the pairing is theirs. After a yes the request that
 * tests it is a challenge as any other.
 */
import type { Context } from 'koa';
import { pushType } from '../../src/mfa/push/data.ts';
import { fields } from '../../web/pages/links.ts';
import type { InteractionDeps } from '../context.ts';
import { pairingOwner } from '../pairing-owner.ts';
import { goBack } from '../render.ts';
import { beginWith, requireOpen } from './begin.ts';
import { isLate, placeOf, type Enrolling } from './enrolling.ts';

/** Form fields of POST …/enroll/pair. */
export const pairFields = { [fields.isOwnDevice]: 8, [fields.pairingDigits]: 2 } as const;

/** True where a device waits for its owner's word, or for another test. */
const isAsked = (enrolling: Enrolling): boolean => {
  const place = placeOf(enrolling);
  return place === 'pairing' || (place === 'proving' && enrolling.view?.factor === pushType);
};

/** The digits that the person said yes to: on this page, or before where the same device is only tested again. */
const digitsSeen = ({ pairing }: Enrolling, form: ReadonlyMap<string, string>): string =>
  form.get(fields.pairingDigits) ?? (pairing?.state === 'confirmed' ? pairing.digits : '');

/** Handles POST …/enroll/pair. A test that began while the task was fresh may end later. */
export const postPair =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling, form: ReadonlyMap<string, string>): Promise<void> => {
    if (!isAsked(enrolling)) return goBack(ctx, enrolling);
    if (!isLate(enrolling.plan)) requireOpen(enrolling);
    const owner = pairingOwner(enrolling, enrolling.user);
    const answer = form.get(fields.isOwnDevice);
    if (answer === 'no') await deps.pairings.refuse(owner);
    // Undefined where the pairing is over, or the page showed another device: the present page says so.
    const device = answer === 'yes' ? await deps.pairings.confirm(owner, digitsSeen(enrolling, form)) : undefined;
    const factor = deps.factors.find(({ type }) => type === pushType);
    if (device !== undefined && factor !== undefined) {
      await beginWith(deps, ctx, enrolling, { factor, input: { device } });
    }
    return goBack(ctx, enrolling);
  };
