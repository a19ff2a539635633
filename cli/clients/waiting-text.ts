/** Says in words what of a client an administrator approves. */
import { textsToApprove } from '../../src/oidc/clients/approval.ts';
import type { ApprovedMember } from '../../src/oidc/waiting-clients.ts';

/** Names of the members, as `clients show` prints them. */
const names: Readonly<Record<ApprovedMember, string>> = {
  client_name: 'name',
  client_uri: 'home page',
  redirect_uris: 'redirect addresses',
  post_logout_redirect_uris: 'after sign-out',
  backchannel_logout_uri: 'back-channel logout',
};

/** What an approval lets the client use, one line for each member: `redirect addresses: https://…`. */
export const waitingLines = (metadata: object): readonly string[] =>
  textsToApprove(metadata).map(([member, texts]) => `${names[member]}: ${texts.join(' ')}`);
