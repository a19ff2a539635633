/** Every page: plain data and words in, one whole document out. */
export { callPage } from './call.ts';
export { codePage } from './code.ts';
export { consentPage } from './consent.ts';
export { continuePage, postOnPage } from './continue.ts';
export { frontPage } from './front.ts';
export { helpPage } from './help.ts';
export { optionsPage } from './options.ts';
export { passwordPage } from './password.ts';
export { resendPage } from './resend.ts';
export { loggedOutPage, logoutPage, switchPage } from './session.ts';
export { stepUpPage, unmetPage } from './step-up.ts';
export { errorPage, startAgainPage } from './error.ts';
export { codeEvent, waitingEvent } from './waiting.ts';
