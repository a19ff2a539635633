/** Finds the channels on which a person is told: mail to their verified address, and texts only where there is no mail. */
import type { Mail } from '../mail/mail.ts';
import type { Authenticators } from '../mfa/authenticators.ts';
import { isPhone } from '../mfa/factors/phone.ts';
import { takesTexts } from '../mfa/phone-number.ts';
import { traitsOf, type NoticeKind, type NoticeSource } from '../notice.ts';
import type { User } from '../records.ts';

/** Addresses of one notice, as they are when it is told. A type, so that it can be stored as JSON. */
export type Recipients = {
  readonly mail?: string;
  /** E.164 */
  readonly texts: readonly string[];
};

/** Most numbers of one person that are texted. */
const maxTexts = 3;

export interface RecipientsDeps {
  readonly authenticators: Authenticators;
  readonly mail: Pick<Mail, 'isOn'>;
  /** Whether a carrier takes texts. */
  readonly sendsTexts: boolean;
}

/** The channels of this account for a notice of this kind. */
export const recipientsOf = async (
  { authenticators, mail, sendsTexts }: RecipientsDeps,
  user: User,
  kind: NoticeKind,
  { except = [] }: NoticeSource,
): Promise<Recipients> => {
  if (mail.isOn && user.email !== undefined && user.emailVerified === true) return { mail: user.email, texts: [] };
  if (!sendsTexts || traitsOf(kind).byText !== true) return { texts: [] };
  const told = (await authenticators.of(user)).filter(({ id }) => !except.includes(id));
  const numbers = told.flatMap(each =>
    isPhone(each) && each.data.extension === undefined && takesTexts(each.data.number) ? [each.data.number] : [],
  );
  return { texts: [...new Set(numbers)].slice(0, maxTexts) };
};
