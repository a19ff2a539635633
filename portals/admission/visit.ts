/** Types what a route of a portal knows of its request. */
import type { Words } from '../../src/locales/wording.ts';
import type { NoticeSource } from '../../src/notice.ts';
import type { PortalSession } from '../../src/oidc/portal-sign-in.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import type { User } from '../../src/records.ts';
import type { PortalFrame } from '../../web/pages/account-props.ts';

/** The person of a request, and data for the pages. */
export interface Visit {
  readonly user: User;
  readonly session: PortalSession;
  /** This person in this request, as audit and notices name them. */
  readonly by: NoticeSource & { readonly reference: string; readonly address: string };
  readonly words: Words;
  readonly now: EpochMillis;
  readonly frame: PortalFrame;
  /** Whether this sign-in may change now what needs a fresh one. */
  readonly isFresh: () => Promise<boolean>;
}
