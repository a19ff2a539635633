/** Acts as a person who sets up methods at a sign-in, by the forms of its pages alone. */
import { generate } from 'otplib';
import { formTo, uidOf, type Answer, type Browser } from '../browser/plain.ts';
import type { Clock } from '../../../src/ports/time.ts';

/** The number that a person enters. */
export interface EnteredPhone {
  readonly country?: string;
  readonly number: string;
  readonly extension?: string;
  readonly kind?: 'mobile' | 'alternate' | 'office';
  readonly by: 'call' | 'sms' | 'spoken';
}

export interface Newcomer {
  /** Chooses a kind in the list: `phone`, or the type of a factor. */
  choose(page: Answer, kind: string): Promise<Answer>;
  enterPhone(page: Answer, phone: EnteredPhone): Promise<Answer>;
  enterCode(page: Answer, code: string): Promise<Answer>;
  /** Claims the answer of the phone. */
  checkAgain(page: Answer): Promise<Answer>;
  /** Keeps the proposed name, or gives another. */
  name(page: Answer, label?: string): Promise<Answer>;
  /** Ticks "I saved them", unless told otherwise. */
  saved(page: Answer, isTicked?: boolean): Promise<Answer>;
  skip(page: Answer): Promise<Answer>;
  /** The code that an app shows after it scanned the page. */
  scanned(page: Answer): Promise<string>;
}

/** The key that an app gets from the page, as a person would type it. */
export const keyOn = ({ text }: Answer): string =>
  /<dd><code>([A-Z2-7 ]+)<\/code>/.exec(text)?.[1]?.replaceAll(' ', '') ?? '';

/** The name that the page proposes. */
export const proposedName = ({ text }: Answer): string => /name="label" value="([^"]*)"/.exec(text)?.[1] ?? '';

export const newcomerAt = (browser: Browser, clock: Clock): Newcomer => ({
  choose: (page, kind) => browser.visit(formTo(page, /\/enroll$/).action, { form: { method: kind } }),
  enterPhone: (page, { country = '', extension = '', kind = 'mobile', ...rest }) =>
    browser.visit(formTo(page, /\/enroll\/phone$/).action, { form: { country, extension, kind, ...rest } }),
  enterCode: (page, code) => browser.visit(formTo(page, /\/enroll\/answer$/).action, { form: { code } }),
  checkAgain: page => browser.visit(formTo(page, /\/enroll\/answer$/).action, { form: {} }),
  name: (page, label = proposedName(page)) =>
    browser.visit(formTo(page, /\/enroll\/name$/).action, { form: { label } }),
  saved: (page, isTicked = true) =>
    browser.visit(formTo(page, /\/enroll\/saved$/).action, { form: isTicked ? { saved: 'yes' } : {} }),
  skip: page => browser.visit(`/interaction/${uidOf(page)}/enroll/skip`, { form: {} }),
  scanned: page => generate({ secret: keyOn(page), epoch: Math.floor(clock() / 1000) }),
});
