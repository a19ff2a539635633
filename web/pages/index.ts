/**
 * Exports every page. A page is a function from data (`props.ts`) and words (`src/locales`) to one HTML document.
 * Pages are pure: a route reads the stores, fills the props, and sends the document.
 *
 * - `props.ts`: the data of each page
 * - `call.ts`, `code.ts`, `password.ts`, …: a file for each page, with all of its states
 * - `components/`: what pages share; `layout.ts` draws the document around each page
 * - `links.ts`: addresses and names of form fields
 * - `outcome-codes.ts`: the numbers that people read to a help desk
 * - `waiting.ts`: status lines, and the events that `web/client/waiting.ts` receives
 * - `catalogue.ts` and `samples/`: every page in every state, for screenshots and tests
 *
 * To add a page: its data in `props.ts`, its words in each language of `src/locales`, a file here that calls `layout`,
 * an export below, and a line for each state in `samples/`.
 */
export { appsPage } from './account/apps.ts';
export { notSignedInPage } from './account/not-signed-in.ts';
export { removeMethodPage, renameMethodPage } from './account/change-method.ts';
export { confirmAddressPage, profilePage } from './account/profile.ts';
export { securityPage } from './account/security.ts';
export { endAllPage, notMeReportPage, sessionsPage } from './account/sessions.ts';
export { developerChoosePage, developerEditPage, developerNewPage } from './developer/form.ts';
export { developerClientPage } from './developer/client.ts';
export { developerDeletePage, developerSecretPage, developerTeamPage } from './developer/change.ts';
export { developerListPage, developerRefusedPage } from './developer/list.ts';
export { approvePage } from './approve.ts';
export { callPage } from './call.ts';
export { codePage } from './code.ts';
export { consentPage } from './consent.ts';
export { autoSubmitPage, continuePage, otherTabPage } from './continue.ts';
export { frontPage } from './front.ts';
export { helpPage } from './help.ts';
export { newPasswordPage } from './new-password.ts';
export { optionsPage } from './options.ts';
export { passkeyPage } from './passkey.ts';
export { passwordPage } from './password.ts';
export {
  forgottenPage,
  noResetPage,
  resetDonePage,
  resetGonePage,
  resetPage,
  resetSentPage,
} from './password-reset.ts';
export { playgroundGonePage, playgroundPage, playgroundRequestPage, playgroundResultPage } from './playground.ts';
export { resendPage } from './resend.ts';
export { loggedOutPage, logoutPage, stayedPage, switchPage } from './session.ts';
export { selectAccountPage } from './select-account.ts';
export { deniedPage } from './denied.ts';
export { stepUpPage, unmetPage } from './step-up.ts';
export { notMePage } from './not-me.ts';
export { deviceCodePage, deviceConfirmPage, deviceEndPage } from './device.ts';
export { enrollBarredPage, enrollChoosePage } from './enroll-choose.ts';
export { enrollApprovePage } from './enroll-approve.ts';
export { enrollCallPage } from './enroll-call.ts';
export { enrollCodePage } from './enroll-code.ts';
export { enrollCodesPage, enrollMakeCodesPage } from './enroll-codes.ts';
export { enrollNamePage } from './enroll-name.ts';
export { enrollPairPage } from './enroll-pair.ts';
export { enrollPasskeyPage } from './enroll-passkey.ts';
export { enrollPhonePage } from './enroll-phone.ts';
export { enrollScanPage } from './enroll-scan.ts';
export { errorPage, startAgainPage } from './error.ts';
export { errorCodePage } from './error-code.ts';
export { codeEvent, pairingEvent, requestEvent, waitingEvent } from './waiting.ts';
