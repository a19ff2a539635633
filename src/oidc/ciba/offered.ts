/** Decides whether CIBA is offered. */
import type { Settings } from '../../config.ts';
import { atLeast } from '../../mfa/assurance.ts';
import type { Factor } from '../../mfa/factor.ts';
import { pushType } from '../../mfa/push/data.ts';
import { approvalReaches } from '../ciba-clients.ts';

/**
 * The setting because of which CIBA is not offered; undefined: it is. No password comes before an approval, so the key of a device alone
 * would be one factor.
 */
export const cibaObstacle = ({
  settings: { push, minAcr },
  factors,
}: {
  readonly settings: Pick<Settings, 'push' | 'minAcr'>;
  readonly factors: readonly Pick<Factor, 'type'>[];
}): 'SALLYPORT_FACTORS' | 'SALLYPORT_PUSH_UNLOCK' | 'SALLYPORT_MIN_ACR' | undefined => {
  if (!factors.some(({ type }) => type === pushType)) return 'SALLYPORT_FACTORS';
  if (push.unlock === 'none') return 'SALLYPORT_PUSH_UNLOCK';
  return atLeast(approvalReaches, minAcr) ? undefined : 'SALLYPORT_MIN_ACR';
};
