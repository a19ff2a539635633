/** Tells the owner of an account what happened to a challenge, with the sign-in that it belongs to. */
import type { NoticeKind, Notices } from '../../notice.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

/** Sends a notice of this kind about this challenge. */
export const tellOwner = async (
  notices: Pick<Notices, 'tell'>,
  kind: NoticeKind,
  { record, contents }: Pick<LoadedChallenge, 'record' | 'contents'>,
): Promise<void> => {
  const { reference, client, address } = contents.request;
  const notice = { kind, factor: record.factor, app: client };
  await notices.tell(record.userId, notice, { actor: 'system', reference, address });
};
